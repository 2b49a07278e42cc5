"""Which class a report belongs to: models with versions, figures and a threshold."""
