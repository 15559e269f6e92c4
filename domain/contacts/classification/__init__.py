"""What contacts are classified by: codes (mailing groups, industry groups, …) and answers of profile questionnaires."""
