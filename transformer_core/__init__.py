"""The Transformer itself and its arithmetic; knows no screen."""
