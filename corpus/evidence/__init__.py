"""What was taken over and what was changed, as a report of rows and as a sheet to hand on."""
