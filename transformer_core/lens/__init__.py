"""Looking inside a Transformer: logit lens, head roles, interventions."""
