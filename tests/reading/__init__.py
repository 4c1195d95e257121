"""Reading files: formats, states, limits, names, bombs, recognition."""
