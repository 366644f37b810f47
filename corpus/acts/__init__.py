"""What a person does, written once: each act checks access, changes rows in one transaction, logs."""
