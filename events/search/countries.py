"""Countries by what people call them, in English and in other languages."""

import functools

from events.importing.places.countries import OTHER_NAMES, country_names
from events.search.words import fold

# In German, French, Spanish, Italian and the country's own.
IN_OTHER_LANGUAGES = {
    "AE": "Vereinigte Arabische Emirate, Émirats arabes unis, Emiratos Árabes Unidos",
    "AR": "Argentinien, Argentine",
    "AT": "Österreich, Oesterreich, Autriche",
    "AU": "Australien, Australie",
    "BE": "Belgien, Belgique, Bélgica, Belgio, België",
    "BG": "Bulgarien, Bulgarie",
    "BR": "Brasilien, Brésil, Brasil, Brasile",
    "CA": "Kanada, Canadá",
    "CH": "Schweiz, Suisse, Suiza, Svizzera",
    "CL": "Chili",
    "CN": "Chine, Cina",
    "CO": "Kolumbien, Colombie",
    "CY": "Zypern, Chypre, Chipre, Cipro",
    "CZ": "Tschechien, Tchéquie, Chequia, Cechia, Česko",
    "DE": "Deutschland, Allemagne, Alemania, Germania, Alemanha, Duitsland",
    "DK": "Dänemark, Daenemark, Danemark, Dinamarca, Danimarca, Danmark",
    "EE": "Estland, Estonie, Eesti",
    "EG": "Ägypten, Égypte, Egipto, Egitto",
    "ES": "Spanien, Espagne, España, Spagna, Spanje",
    "FI": "Finnland, Finlande, Finlandia, Suomi",
    "FR": "Frankreich, Francia, França, Frankrijk",
    "GB": "Vereinigtes Königreich, Großbritannien, Royaume-Uni, Grande-Bretagne, Reino Unido, "
    "Gran Bretaña, Regno Unito",
    "GR": "Griechenland, Grèce, Grecia, Hellas",
    "HR": "Kroatien, Croatie, Croacia, Croazia, Hrvatska",
    "HU": "Ungarn, Hongrie, Hungría, Ungheria, Magyarország",
    "ID": "Indonesien, Indonésie",
    "IE": "Irland, Irlande, Irlanda",
    "IL": "Israël, Israele",
    "IN": "Indien, Inde",
    "IS": "Island, Islande, Islandia, Islanda",
    "IT": "Italien, Italie, Italia",
    "JP": "Japon, Japón, Giappone, Nippon",
    "KE": "Kenia",
    "KR": "Südkorea, Corée du Sud, Corea del Sur, Corea del Sud",
    "LT": "Litauen, Lituanie, Lituania, Lietuva",
    "LU": "Luxemburg, Luxemburgo, Lussemburgo",
    "LV": "Lettland, Lettonie, Letonia, Lettonia, Latvija",
    "MA": "Marokko, Maroc, Marruecos, Marocco",
    "MX": "Mexiko, Mexique, México, Messico",
    "MY": "Malaisie, Malasia",
    "NL": "Niederlande, Pays-Bas, Países Bajos, Paesi Bassi, Nederland, Olanda, Hollande",
    "NO": "Norwegen, Norvège, Noruega, Norvegia, Norge",
    "NZ": "Neuseeland, Nouvelle-Zélande, Nueva Zelanda, Aotearoa",
    "PE": "Pérou, Perù",
    "PH": "Philippinen, Filipinas, Pilipinas",
    "PL": "Polen, Pologne, Polonia, Polska",
    "PT": "Portogallo",
    "RO": "Rumänien, Rumaenien, Roumanie, Rumania, România",
    "RS": "Serbien, Serbie, Srbija",
    "RU": "Russland, Russie, Rusia",
    "SE": "Schweden, Suède, Suecia, Svezia, Sverige",
    "SG": "Singapur, Singapour, Singapura",
    "SI": "Slowenien, Slovénie, Eslovenia, Slovenija",
    "SK": "Slowakei, Slovaquie, Eslovaquia, Slovensko",
    "TH": "Thaïlande, Tailandia",
    "TN": "Tunesien, Tunisie, Túnez",
    "TR": "Türkei, Tuerkei, Turquie, Turquía, Turchia",
    "TW": "Taïwan, Taiwán",
    "TZ": "Tansania, Tanzanie",
    "UA": "Ukraina, Ucrania, Ucraina, Ukrayina",
    "US": "Vereinigte Staaten, États-Unis, Estados Unidos, Stati Uniti, Amerika",
    "UY": "Uruguai",
    "VN": "Viêt Nam",
    "ZA": "Südafrika, Afrique du Sud, Sudáfrica, Sudafrica",
}


@functools.cache
def codes_by_key() -> dict[str, str]:
    """ISO codes by folded names. The codes themselves are no names: "it" and "no" are words."""
    codes = {fold(name): code for code, name in country_names().items()}
    codes |= {fold(name): code for code, names in OTHER_NAMES.items() for name in names}
    for code, names in IN_OTHER_LANGUAGES.items():
        codes |= {fold(name): code for name in names.split(", ")}
    return codes
