"""Online, in German, with sign language, with tickets left."""

from collections.abc import Iterator

from events.search.criteria import Access, Attendance
from events.search.phrases.line import Finding, Line, phrase, words_of

ATTEND = "attend"
AVAILABLE = "available"
LANGUAGE = "language"
ACCESS = "access"

ONLINE = phrase("(?:via )?livestream(?:ed)?|en ligne|en linea|virtually|remotely|on zoom")
ONLINE_WORD = phrase("online|virtual")
IN_PERSON = phrase("in[- ]person|face[- ]to[- ]face|on[- ]site|vor ort|en persona|en presentiel")
NOT_BEFORE = words_of(
    """
    abuse academy advertising assistant assistants auction banking bands band business casino
    classroom communities community content dating economy education first fundraising gallery game
    games gaming gambling harassment hate identity journalism learning machine machines marketing
    media payments poker presence privacy production reality retail safety sales security selling
    shop shopping shops slot store stores tutoring world worlds
    """
)

WITH = "(?:with |in |mit |avec |con )?"
ACCESSES = {
    Access.SIGN_LANGUAGE: phrase(
        "(?:with |in )(?:a )?(?:british |american |german )?sign language"
        "(?: interpret(?:er|ers|ation))?|sign language interpret(?:er|ers|ation|ed)|"
        "(?:with )?(?:a )?(?:bsl|asl) interpret(?:er|ation|ed)|"
        "(?:with )?(?:live |closed |open )?captions?|(?:live |closed |open )?captioned|"
        "(?:mit |in )gebardensprache|mit untertiteln|(?:avec |en )langue des signes|"
        "(?:con |en )lengua de signos"
    ),
    Access.HEARING_LOOP: phrase(
        f"{WITH}(?:a |an )?(?:hearing|induction) loops?|{WITH}(?:horschleife|induktionsschleife)|"
        f"{WITH}boucle magnetique|{WITH}bucle magnetico"
    ),
    Access.STEP_FREE: phrase(
        f"{WITH}(?:step|barrier)[- ]free(?: access| entrance)?|{WITH}wheelchair access|"
        "wheelchair[- ](?:accessible|friendly)|accessible (?:by|for) (?:a )?wheelchairs?|"
        "(?:with|in|by) (?:a |my )?wheelchair|barrierefreie?r?|rollstuhlgerecht|mit rollstuhl|"
        "en fauteuil roulant|en silla de ruedas"
    ),
    Access.COMPANION: phrase(
        f"{WITH}(?:a )?(?:free )?(?:companion|carer)(?: |'s )?(?:tickets?|place)|"
        "with (?:a )?(?:companion|carer)|mit begleitperson"
    ),
}
WHEELCHAIR = phrase("wheelchair")

AVAILABILITY = phrase(
    "(?:with |that have )?(?:some |free )?(?:tickets|places|seats) (?:still )?(?:left|available)|"
    "(?:with )?available (?:tickets|places|seats)|still available|not sold[- ]out|"
    "(?:noch )?(?:mit )?freien? platzen?|noch karten|mit karten"
)
AVAILABLE_WORD = phrase("available")

# By the English name: what it is called in others, and after "in", "auf", "en".
NAMES = {
    "arabic": "arabisch arabe",
    "bengali": "bengalisch",
    "bulgarian": "bulgarisch bulgare bulgaro",
    "catalan": "katalanisch",
    "chinese": "mandarin chinesisch chinois chino",
    "croatian": "kroatisch croate croata hrvatski",
    "czech": "tschechisch tcheque checo cesky",
    "danish": "danisch danois danes dansk",
    "dutch": "niederlandisch neerlandais neerlandes nederlands",
    "english": "englisch anglais ingles inglese engels",
    "estonian": "estnisch",
    "finnish": "finnisch finnois suomi",
    "french": "franzosisch francais frances francese frans",
    "german": "deutsch allemand aleman tedesco duits",
    "greek": "griechisch grec griego",
    "hebrew": "hebraisch",
    "hindi": "",
    "hungarian": "ungarisch hongrois hungaro magyar",
    "indonesian": "indonesisch",
    "italian": "italienisch italien italiano",
    "japanese": "japanisch japonais japones",
    "korean": "koreanisch coreen coreano",
    "norwegian": "norwegisch norsk",
    "persian": "farsi persisch",
    "polish": "polnisch polonais polaco polski",
    "portuguese": "portugiesisch portugais portugues",
    "romanian": "rumanisch roumain rumano",
    "russian": "russisch russe ruso",
    "serbian": "serbisch",
    "slovak": "slowakisch",
    "slovenian": "slowenisch",
    "spanish": "spanisch espagnol espanol spagnolo castellano",
    "swedish": "schwedisch suedois sueco svenska",
    "thai": "",
    "turkish": "turkisch turc turco",
    "ukrainian": "ukrainisch ukrainien",
    "vietnamese": "vietnamesisch",
}
ENGLISH_NAME_OF = {
    name: english for english, names in NAMES.items() for name in (english, *names.split())
}
IN_LANGUAGE = phrase(r"(?:held |spoken )?(?:in|auf|en) (?P<name>[^\W\d_]+)")
SPEAKING = phrase(r"(?P<name>[^\W\d_]+)-speaking|(?P<german>[^\W\d_]+)sprachige?[rsn]?")


def read_wishes(line: Line) -> Iterator[Finding]:
    for access, named in ACCESSES.items():
        for found in named.finditer(line.plain):
            yield Finding(*found.span(), f"{ACCESS}:{access}", {"access": [access.value]})
    for found in WHEELCHAIR.finditer(line.plain):
        filters = {"access": [Access.STEP_FREE.value]}
        yield Finding(*found.span(), f"{ACCESS}:{Access.STEP_FREE}", filters, is_last=True)
    for found in AVAILABILITY.finditer(line.plain):
        yield Finding(*found.span(), AVAILABLE, {"available": ["1"]})
    for found in AVAILABLE_WORD.finditer(line.plain):
        yield Finding(*found.span(), AVAILABLE, {"available": ["1"]}, is_last=True)
    yield from _read_attendance(line)
    yield from _read_languages(line)


def _read_attendance(line: Line) -> Iterator[Finding]:
    for found in (*ONLINE.finditer(line.plain), *ONLINE_WORD.finditer(line.plain)):
        if line.after(found.end()) not in NOT_BEFORE:
            yield Finding(*found.span(), ATTEND, {"attend": [Attendance.ONLINE.value]})
    for found in IN_PERSON.finditer(line.plain):
        yield Finding(*found.span(), ATTEND, {"attend": [Attendance.IN_PERSON.value]})


def _read_languages(line: Line) -> Iterator[Finding]:
    """Only those that listings have."""
    for found in (*IN_LANGUAGE.finditer(line.plain), *SPEAKING.finditer(line.plain)):
        name = found.groupdict().get("german") or found["name"] or ""
        for key in (ENGLISH_NAME_OF.get(name, ""), name):
            if language := line.names.language_named(key):
                yield Finding(*found.span(), LANGUAGE, {"language": [language.value]})
                break
