"""Where is it called so? Names and addresses of the city, found by people and by texts."""
