"""Who people are to the site: how they sign in, where they are signed in, what is noted of it."""
