"""The reading page: its address, the rows it shows, and what is made of them."""
