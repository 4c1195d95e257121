"""What all pages share: guard, errors, forms, frame, filters, translations, static files."""
