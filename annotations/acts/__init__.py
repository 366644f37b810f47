"""What a person does, each written once, for pages and commands alike."""
