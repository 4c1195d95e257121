"""The working-day calendar: the published years, an editable table, the import of a notice."""
