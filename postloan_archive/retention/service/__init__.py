"""What a person does to keep and to destroy; one function per step."""
