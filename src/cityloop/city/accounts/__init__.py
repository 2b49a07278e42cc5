"""Departments, users, roles held in areas, tokens."""
