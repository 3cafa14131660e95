"""Where generated events take place: what is special about some cities and countries."""

# What is spoken at most events of a country; English where it is not here.
LANGUAGES = {
    **dict.fromkeys(("DE", "AT", "CH"), "German"),
    **dict.fromkeys(("FR", "BE", "LU"), "French"),
    **dict.fromkeys(("ES", "MX", "AR", "CO", "PE", "CL", "VE", "EC"), "Spanish"),
    **dict.fromkeys(("PT", "BR"), "Portuguese"),
    "IT": "Italian",
    "NL": "Dutch",
    "PL": "Polish",
    "SE": "Swedish",
    "DK": "Danish",
    "JP": "Japanese",
    "CN": "Chinese",
    "TW": "Chinese",
    "KR": "Korean",
    "TR": "Turkish",
    "CZ": "Czech",
    "GR": "Greek",
    "FI": "Finnish",
    "NO": "Norwegian",
    "HU": "Hungarian",
}
# The cities in which most events take place; the largest of the world follow.
FIRST_CITIES = (
    *("Berlin DE", "London GB", "Paris FR", "New York City US", "Amsterdam NL", "Vienna AT"),
    *("Zürich CH", "Madrid ES", "Barcelona ES", "Munich DE", "Hamburg DE", "Köln DE", "Milan IT"),
    *("Rome IT", "Lisbon PT", "Copenhagen DK", "Stockholm SE", "Warsaw PL", "Prague CZ"),
    *("Tokyo JP", "San Francisco US", "Toronto CA", "São Paulo BR", "Melbourne AU", "Sydney AU"),
    *("Dublin IE", "Edinburgh GB", "Brussels BE", "Kraków PL", "Budapest HU", "Athens GR"),
    *("Leipzig DE", "Frankfurt am Main DE", "Stuttgart DE", "Düsseldorf DE", "Manchester GB"),
    *("Oslo NO", "Helsinki FI", "Lyon FR", "Porto PT", "Valencia ES", "Málaga ES", "Geneva CH"),
    *("Gothenburg SE", "Łódź PL", "Montréal CA", "Boston US", "Chicago US", "Seattle US"),
    *("Mexico City MX", "Buenos Aires AR", "Singapore SG", "Seoul KR", "Mumbai IN", "Cape Town ZA"),
)

# Of cities as those who live there write them, where English has another name.
NAMES_AT_HOME = {
    "Athens": "Αθήνα, Athina",
    "Belgrade": "Београд, Beograd",
    "Brussels": "Bruxelles, Brussel",
    "Bucharest": "București",
    "Cologne": "Köln",
    "Copenhagen": "København",
    "Geneva": "Genève, Genf",
    "Gothenburg": "Göteborg",
    "Kyiv": "Київ, Kiev",
    "Lisbon": "Lisboa",
    "Mexico City": "Ciudad de México",
    "Milan": "Milano",
    "Moscow": "Москва, Moskva",
    "Munich": "München",
    "Prague": "Praha",
    "Rome": "Roma",
    "Saint Petersburg": "Санкт-Петербург",
    "Seoul": "서울",
    "Sofia": "София",
    "Tokyo": "東京",
    "Vienna": "Wien",
    "Warsaw": "Warszawa",
}
