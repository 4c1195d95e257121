"""Documents of a loan file: intake, reading, items, pages, search over them."""
