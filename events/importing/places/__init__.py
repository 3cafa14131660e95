"""Places: which city, country and time zone a row's words mean."""
