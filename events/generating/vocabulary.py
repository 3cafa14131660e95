"""The words of generated events: subjects in the order of how often they are met."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """``forms`` begin with the most frequent. ``details`` are what texts speak of."""

    name: str
    topics: tuple[str, ...]
    forms: tuple[str, ...]
    details: tuple[str, ...]


def _subject(name: str, topics: str, forms: str, details: str) -> Subject:
    parts = [tuple(part.strip() for part in text.split(",")) for text in (topics, forms, details)]
    return Subject(name, *parts)


SUBJECTS = (
    _subject(
        "Jazz",
        "Jazz, Modern Jazz, Swing, Bebop, Latin Jazz, Free Jazz, Gypsy Jazz, Big Band Jazz",
        "Festival, Night, Concert, Jam Session, Brunch, Matinee, Workshop, Club, Marathon",
        "saxophone, trumpet, double bass, piano trio, improvisation, standards, quartet, solos",
    ),
    _subject(
        "Python",
        "Python, Django, Pandas, FastAPI, Async Python, Python Testing, Data Science",
        "Workshop, Meetup, Conference, Sprint, Hackathon, Course, User Group, Talks, Unconference",
        "generators, type hints, notebooks, decorators, pull requests, async, pytest",
    ),
    _subject(
        "Concerts",
        "Rock, Indie, Folk, Hip-Hop, Electronic, Blues, Soul, Punk, Metal, Singer-Songwriter",
        "Concert, Night, Festival, Open Air, Session, Showcase, Party, Live, Battle of Bands",
        "guitars, drums, stage, encore, new album, support act, vinyl, band, loud speakers",
    ),
    _subject(
        "Food and drink",
        "Street Food, Vegan, Cheese, Chocolate, Coffee, Sourdough, Barbecue, Sushi, Ramen, Tapas",
        "Festival, Tasting, Market, Cooking Class, Dinner, Tour, Brunch, Fair, Supper Club",
        "recipes, spices, chefs, local farms, fermentation, dessert, seasonal menu, open kitchen",
    ),
    _subject(
        "Technology",
        "JavaScript, Kubernetes, Rust, Machine Learning, Security, Cloud, Open Source, PostgreSQL",
        "Conference, Meetup, Workshop, Hackathon, Summit, Day, Bootcamp, Talks, Camp",
        "keynotes, live coding, containers, databases, observability, scaling, developers, demos",
    ),
    _subject(
        "Theatre",
        "Improv, Shakespeare, Fringe, Puppet, Musical, Cabaret, Monologue, Youth, Radio Play",
        "Theatre, Night, Premiere, Festival, Workshop, Reading, Matinee, Gala, Showcase",
        "actors, stage, costumes, script, director, curtain, audience, rehearsal, drama",
    ),
    _subject(
        "Ceramics",
        "Ceramics, Pottery, Raku, Porcelain, Glazing, Wheel Throwing, Stoneware, Tile Making",
        "Workshop, Course, Market, Exhibition, Open Studio, Evening Class, Weekend, Fair",
        "clay, kiln, glaze, potter's wheel, hand building, firing, bowls, slip",
    ),
    _subject(
        "Running",
        "Marathon, Half Marathon, Trail, Night, Charity, Park, Hill, Relay, Family",
        "Run, Race, Training, Festival, Club, Challenge, Weekend, Camp",
        "start line, medals, pacing, water stations, course map, personal best, finishers",
    ),
    _subject(
        "Yoga",
        "Hatha Yoga, Vinyasa, Yin Yoga, Prenatal Yoga, Rooftop Yoga, Ashtanga, Meditation",
        "Class, Workshop, Retreat, Morning, Course, Festival, Session, Weekend",
        "mats, breath, balance, postures, relaxation, teachers, stillness, flow",
    ),
    _subject(
        "Film",
        "Short Film, Documentary, Silent Film, Horror, Animation, Queer Cinema, Anime",
        "Screening, Festival, Night, Premiere, Marathon, Open Air, Club, Talk",
        "director, subtitles, projector, popcorn, cinema, soundtrack, premiere guests, archive",
    ),
    _subject(
        "Art",
        "Painting, Sculpture, Photography, Printmaking, Street Art, Watercolour, Drawing, Collage",
        "Exhibition, Workshop, Opening, Fair, Tour, Open Studio, Course, Auction",
        "gallery, curator, canvas, artists, installation, colours, portraits, light",
    ),
    _subject(
        "Business",
        "Startup, Marketing, Leadership, Freelance, Fintech, Product, Sales, Women in Business",
        "Networking, Conference, Breakfast, Pitch Night, Workshop, Summit, Fair, Masterclass",
        "founders, investors, growth, strategy, customers, panel, business cards, case studies",
    ),
    _subject(
        "Dance",
        "Salsa, Tango, Swing Dance, Bachata, Contemporary Dance, Ballet, Hip-Hop Dance, Forro",
        "Night, Workshop, Festival, Course, Social, Show, Congress, Weekend",
        "steps, partners, dance floor, rhythm, shoes, beginners, live band, musicality",
    ),
    _subject(
        "Comedy",
        "Stand-up, Improv Comedy, Sketch, Open Mic, Satire, English Comedy, Roast, Musical Comedy",
        "Night, Show, Festival, Workshop, Gala, Special, Battle, Brunch",
        "jokes, microphone, punchlines, newcomers, headliner, laughter, host, tight five",
    ),
    _subject(
        "Classical music",
        "Symphony, Chamber Music, Opera, Organ, Baroque, Choir, String Quartet, Piano, Beethoven",
        "Concert, Recital, Festival, Matinee, Gala, Masterclass, Rehearsal, Evening",
        "orchestra, conductor, soloist, sonata, overture, violin, cathedral, Bach",
    ),
    _subject(
        "Books",
        "Poetry, Crime Fiction, Science Fiction, Children's Books, Comics, Memoir, Zine",
        "Reading, Book Club, Fair, Slam, Workshop, Launch, Festival, Book Swap",
        "authors, signing, chapters, novels, publisher, library, verses, stories",
    ),
    _subject(
        "Gaming",
        "Board Game, Role-Playing, Retro Gaming, Chess, Esports, Indie Game, Card Game, Tabletop",
        "Night, Tournament, Convention, Meetup, Jam, Marathon, Fair, Club",
        "dice, players, strategy, campaign, consoles, prizes, rule books, teams",
    ),
    _subject(
        "Science",
        "Astronomy, Physics, Climate, Biology, Robotics, Neuroscience, Mathematics, Space",
        "Lecture, Talk, Workshop, Fair, Night, Symposium, Lab Tour, Slam",
        "telescope, experiments, research, planets, professors, data, discoveries, questions",
    ),
    _subject(
        "Family",
        "Circus, Storytelling, Puppet, Lego, Magic, Face Painting, Treasure Hunt, Nature",
        "Day, Show, Workshop, Festival, Afternoon, Party, Camp, Picnic",
        "children, parents, games, crafts, balloons, playground, songs, snacks",
    ),
    _subject(
        "Outdoors",
        "Hiking, Climbing, Kayak, Foraging, Birdwatching, Camping, Stargazing, Mountain Bike",
        "Tour, Trip, Weekend, Course, Walk, Festival, Meetup, Expedition",
        "trail, summit, forest, guide, equipment, rope, lake, wildlife",
    ),
    _subject(
        "Wine",
        "Wine, Natural Wine, Riesling, Craft Beer, Whisky, Gin, Cider, Sake",
        "Tasting, Festival, Seminar, Dinner, Fair, Tour, Night, Pairing",
        "vineyard, grapes, barrels, sommelier, cellar, aromas, glasses, cheese plates",
    ),
    _subject(
        "Languages",
        "Spanish, German, English, French, Japanese, Sign Language, Italian, Arabic",
        "Conversation, Course, Exchange, Cafe, Workshop, Evening, Bootcamp, Tandem",
        "grammar, pronunciation, native speakers, vocabulary, beginners, coffee, tandem partners",
    ),
    _subject(
        "Design",
        "Typography, UX, Service Design, Graphic Design, Interior, Accessibility, Figma, Branding",
        "Meetup, Workshop, Conference, Week, Talks, Sprint, Exhibition, Portfolio Night",
        "prototypes, users, letterpress, interfaces, colour, research, sketches, critique",
    ),
    _subject(
        "Gardening",
        "Urban Gardening, Permaculture, Bonsai, Rose, Herb, Compost, Beekeeping, Orchid",
        "Workshop, Fair, Seed Swap, Open Garden, Course, Tour, Market, Day",
        "seeds, soil, pollinators, pruning, greenhouse, vegetables, plants, tools",
    ),
    _subject(
        "History",
        "Medieval, Old Town, Roman, Industrial History, Cold War, Architecture, Archaeology",
        "Tour, Lecture, Walk, Fair, Exhibition, Reenactment, Museum Night, Symposium",
        "castle, archive, ruins, guide, maps, merchants, cathedral, letters",
    ),
    _subject(
        "Crafts",
        "Knitting, Woodworking, Sewing, Calligraphy, Jewellery, Bookbinding, Macrame, Leather",
        "Workshop, Circle, Market, Course, Fair, Evening Class, Meetup, Weekend",
        "yarn, needles, patterns, wood, scissors, thread, ink, handmade gifts",
    ),
    _subject(
        "Markets",
        "Flea, Christmas, Farmers, Vintage, Night, Record, Antique, Second-hand",
        "Market, Fair, Bazaar, Swap, Sale, Weekend",
        "stalls, bargains, mulled wine, vinyl, furniture, clothes, collectors, sellers",
    ),
    _subject(
        "Health",
        "First Aid, Nutrition, Mindfulness, Sleep, Mental Health, Back, Women's Health",
        "Course, Workshop, Talk, Day, Seminar, Group, Weekend, Retreat",
        "exercises, doctors, habits, stress, practice, recovery, advice, wellbeing",
    ),
    _subject(
        "Volunteering",
        "Beach, Community Garden, Refugee, Animal Shelter, River, Repair, Food Bank, Tree Planting",
        "Clean-up, Volunteer Day, Info Evening, Fundraiser, Cafe, Action, Workshop, Gala",
        "gloves, neighbours, donations, helpers, tools, solidarity, community, litter",
    ),
    _subject(
        "Football",
        "Football, Futsal, Walking Football, Women's Football, Five-a-side, Youth Football",
        "Tournament, Match, Training, Cup, Trial, Camp, Public Viewing, League Day",
        "pitch, goals, referee, teams, penalty, coach, kick-off, fans",
    ),
)

QUALITIES = (
    *(
        "Beginners",
        "Advanced",
        "Late-Night",
        "Summer",
        "Winter",
        "Spring",
        "Autumn",
        "International",
    ),
    *("Community", "Open-Air", "Sunday", "Little", "Grand", "New", "Annual", "Inclusive"),
)
TEXTS = (
    "An event about {topic} with {one}, {two} and {three}. Everyone is welcome.",
    "Join us for {one} and {two}; bring friends who like {topic}.",
    "We start with {one}, then there is time for {two}, and we end with {three}.",
    "Whether {one} or {two}: here people meet who care about {topic}.",
    "No experience is needed. We explain {one} and show {two} step by step.",
    "After the break the focus is on {two}, with questions about {three}.",
    "Our guests have worked with {three} for many years and talk about {one}.",
    "There is a bar, a cloakroom and space to talk about {topic} and {two}.",
    "Places are limited, so book early. {topic} at its best, with {three}.",
)
LAST_WORDS = (
    "Doors open half an hour before the start.",
    "Drinks and small dishes are sold on site.",
    "Please tell us what you need to take part.",
    "The event takes place in any weather.",
    "Children under twelve come with an adult.",
    "Bicycles can be parked in the yard.",
)
VENUE_NAMES = (
    *("Blue", "Old", "Royal", "Harbour", "Garden", "Station", "River", "Market", "Northern"),
    *("Golden", "Central", "Lindner", "Mill", "Cathedral", "Star", "Green", "Park", "Union"),
)
VENUE_KINDS = (
    *("Hall", "Room", "Theatre", "House", "Studio", "Club", "Centre", "Gallery", "Library"),
    *("Arena", "Loft", "Cellar", "Cinema", "Factory", "Pavilion", "Academy", "Cafe"),
)
STREETS = (
    *("Main Street", "Station Road", "Church Lane", "Mill Street", "High Street", "Park Avenue"),
    *("Bridge Street", "Market Square", "Garden Way", "School Road", "Castle Hill", "Canal Walk"),
)
HOST_KINDS = (
    *("Collective", "Society", "Club", "Association", "Foundation", "Network", "Company"),
    *("Friends", "Initiative", "Studio", "Institute", "Circle"),
)
