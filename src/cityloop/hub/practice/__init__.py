"""练习 Practice: matters that are invented, under the rules that are real."""
