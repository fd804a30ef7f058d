"""Persistence only: tables, mapping, repositories, unit of work and migrations."""
