"""Campaigns and their entries."""
