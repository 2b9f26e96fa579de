"""Plans of programmes as tables: columns, broken rows, numbering, known measures."""
