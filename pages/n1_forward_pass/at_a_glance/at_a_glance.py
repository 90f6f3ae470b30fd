"""The whole model at work on the reader's sentence, and the door to every lesson."""

from pages.n1_forward_pass.at_a_glance.forward_pass import show

show()
