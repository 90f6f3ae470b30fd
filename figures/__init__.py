"""Numbers and tokens in, Plotly figures out; `theme` is the only place with a colour."""
