"""Marketing setup, company information, number series, languages, countries, salespeople."""
