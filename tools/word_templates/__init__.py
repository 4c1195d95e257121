"""Makes the Word templates of `doc_templates/`; a bank edits the results in Word afterwards."""
