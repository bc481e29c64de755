"""How the site looks: the folder of a theme, and whether its colours and templates hold."""
