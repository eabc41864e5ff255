"""What invented institutions are called: towns, kinds and patrons in Ukrainian, Russian and English."""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """One name in three languages; of a town in Ukraine in the form that goes before "hospital"."""

    uk: str
    ru: str
    en: str


class Kind(NamedTuple):
    """A kind of institution: its class in the ontology, its concept of vocab/org-kind, what it is called."""

    class_: str
    concept: str
    name: Name


UKRAINIAN_TOWNS = (
    Name("Вінницька", "Винницкая", "Vinnytsia"),
    Name("Волинська", "Волынская", "Volyn"),
    Name("Дніпровська", "Днепровская", "Dnipro"),
    Name("Житомирська", "Житомирская", "Zhytomyr"),
    Name("Закарпатська", "Закарпатская", "Zakarpattia"),
    Name("Запорізька", "Запорожская", "Zaporizhzhia"),
    Name("Київська", "Киевская", "Kyiv"),
    Name("Кременчуцька", "Кременчугская", "Kremenchuk"),
    Name("Львівська", "Львовская", "Lviv"),
    Name("Миколаївська", "Николаевская", "Mykolaiv"),
    Name("Одеська", "Одесская", "Odesa"),
    Name("Полтавська", "Полтавская", "Poltava"),
    Name("Рівненська", "Ровенская", "Rivne"),
    Name("Сумська", "Сумская", "Sumy"),
    Name("Тернопільська", "Тернопольская", "Ternopil"),
    Name("Харківська", "Харьковская", "Kharkiv"),
    Name("Херсонська", "Херсонская", "Kherson"),
    Name("Хмельницька", "Хмельницкая", "Khmelnytskyi"),
    Name("Черкаська", "Черкасская", "Cherkasy"),
    Name("Чернігівська", "Черниговская", "Chernihiv"),
)

UKRAINIAN_KINDS = (
    Kind("Hospital", "regional-hospital", Name("обласна лікарня", "областная больница", "Regional Hospital")),
    Kind("Hospital", "city-hospital", Name("міська лікарня", "городская больница", "City Hospital")),
    Kind("Hospital", "clinical-hospital", Name("клінічна лікарня", "клиническая больница", "Clinical Hospital")),
    Kind("Hospital", "childrens-hospital", Name("дитяча лікарня", "детская больница", "Children’s Hospital")),
    Kind(
        "Hospital",
        "intensive-treatment-hospital",
        Name("лікарня інтенсивного лікування", "больница интенсивного лечения", "Intensive Treatment Hospital"),
    ),
    Kind(
        "MedicalInstitution",
        "clinic",
        Name("реабілітаційна клініка", "реабилитационная клиника", "Rehabilitation Clinic"),
    ),
    Kind("MedicalInstitution", "clinic", Name("поліклініка", "поликлиника", "Outpatient Clinic")),
)

UKRAINIAN_PATRONS = (
    Name("Івана Франка", "Ивана Франко", "Ivan Franko"),
    Name("Лесі Українки", "Леси Украинки", "Lesia Ukrainka"),
    Name("Миколи Пирогова", "Николая Пирогова", "Mykola Pyrohov"),
    Name("Миколи Амосова", "Николая Амосова", "Mykola Amosov"),
    Name("Данила Самойловича", "Данилы Самойловича", "Danylo Samoilovych"),
    Name("Юрія Дрогобича", "Юрия Дрогобыча", "Yurii Drohobych"),
    Name("Володимира Філатова", "Владимира Филатова", "Volodymyr Filatov"),
    Name("Софії Русової", "Софии Русовой", "Sofiia Rusova"),
    Name("Олени Пчілки", "Елены Пчилки", "Olena Pchilka"),
    Name("Григорія Сковороди", "Григория Сковороды", "Hryhorii Skovoroda"),
)

FOREIGN_KINDS = (
    Kind(
        "Hospital",
        "university-hospital",
        Name("університетська лікарня", "университетская больница", "University Hospital"),
    ),
    Kind("Hospital", "childrens-hospital", Name("дитяча лікарня", "детская больница", "Children’s Hospital")),
    Kind(
        "Hospital",
        "specialised-hospital",
        Name("травматологічна лікарня", "травматологическая больница", "Trauma Hospital"),
    ),
    Kind("Hospital", "city-hospital", Name("міська лікарня", "городская больница", "City Hospital")),
    Kind("MedicalInstitution", "clinic", Name("кардіологічна клініка", "кардиологическая клиника", "Heart Clinic")),
    Kind(
        "MedicalInstitution", "clinic", Name("клініка опікової хірургії", "клиника ожоговой хирургии", "Burns Clinic")
    ),
)

FOREIGN_PATRONS = (
    Name("Святої Анни", "Святой Анны", "Saint Anne"),
    Name("Святої Марії", "Святой Марии", "Saint Mary"),
    Name("Святого Луки", "Святого Луки", "Saint Luke"),
    Name("Святого Йосипа", "Святого Иосифа", "Saint Joseph"),
    Name("Марії Кюрі", "Марии Кюри", "Marie Curie"),
    Name("Луї Пастера", "Луи Пастера", "Louis Pasteur"),
    Name("Роберта Коха", "Роберта Коха", "Robert Koch"),
    Name("Флоренс Найтінгейл", "Флоренс Найтингейл", "Florence Nightingale"),
    Name("Ігнаца Земмельвейса", "Игнаца Земмельвейса", "Ignaz Semmelweis"),
    Name("Йозефа Лістера", "Джозефа Листера", "Joseph Lister"),
)

COUNTRIES: dict[str, tuple[Name, tuple[Name, ...]]] = {
    "DE": (
        Name("Німеччина", "Германия", "Germany"),
        (
            Name("Дрезден", "Дрезден", "Dresden"),
            Name("Кельн", "Кёльн", "Cologne"),
            Name("Лейпциг", "Лейпциг", "Leipzig"),
            Name("Мюнстер", "Мюнстер", "Münster"),
            Name("Тюбінген", "Тюбинген", "Tübingen"),
        ),
    ),
    "FR": (
        Name("Франція", "Франция", "France"),
        (
            Name("Лілль", "Лилль", "Lille"),
            Name("Ліон", "Лион", "Lyon"),
            Name("Нант", "Нант", "Nantes"),
            Name("Тулуза", "Тулуза", "Toulouse"),
            Name("Бордо", "Бордо", "Bordeaux"),
        ),
    ),
    "PL": (
        Name("Польща", "Польша", "Poland"),
        (
            Name("Краків", "Краков", "Kraków"),
            Name("Люблін", "Люблин", "Lublin"),
            Name("Познань", "Познань", "Poznań"),
            Name("Вроцлав", "Вроцлав", "Wrocław"),
            Name("Гданськ", "Гданьск", "Gdańsk"),
        ),
    ),
    "LT": (
        Name("Литва", "Литва", "Lithuania"),
        (
            Name("Каунас", "Каунас", "Kaunas"),
            Name("Вільнюс", "Вильнюс", "Vilnius"),
            Name("Клайпеда", "Клайпеда", "Klaipėda"),
        ),
    ),
    "SE": (
        Name("Швеція", "Швеция", "Sweden"),
        (Name("Лунд", "Лунд", "Lund"), Name("Уппсала", "Уппсала", "Uppsala"), Name("Мальме", "Мальмё", "Malmö")),
    ),
    "ES": (
        Name("Іспанія", "Испания", "Spain"),
        (
            Name("Севілья", "Севилья", "Seville"),
            Name("Валенсія", "Валенсия", "Valencia"),
            Name("Більбао", "Бильбао", "Bilbao"),
        ),
    ),
    "IT": (
        Name("Італія", "Италия", "Italy"),
        (Name("Болонья", "Болонья", "Bologna"), Name("Турин", "Турин", "Turin"), Name("Падуя", "Падуя", "Padua")),
    ),
    "CZ": (
        Name("Чехія", "Чехия", "Czechia"),
        (Name("Брно", "Брно", "Brno"), Name("Оломоуць", "Оломоуц", "Olomouc"), Name("Острава", "Острава", "Ostrava")),
    ),
    "AT": (
        Name("Австрія", "Австрия", "Austria"),
        (Name("Грац", "Грац", "Graz"), Name("Лінц", "Линц", "Linz"), Name("Зальцбург", "Зальцбург", "Salzburg")),
    ),
    "NL": (
        Name("Нідерланди", "Нидерланды", "Netherlands"),
        (
            Name("Утрехт", "Утрехт", "Utrecht"),
            Name("Лейден", "Лейден", "Leiden"),
            Name("Роттердам", "Роттердам", "Rotterdam"),
        ),
    ),
    "US": (
        Name("США", "США", "United States"),
        (
            Name("Бостон", "Бостон", "Boston"),
            Name("Клівленд", "Кливленд", "Cleveland"),
            Name("Чикаго", "Чикаго", "Chicago"),
            Name("Г’юстон", "Хьюстон", "Houston"),
            Name("Сіетл", "Сиэтл", "Seattle"),
        ),
    ),
    "CA": (
        Name("Канада", "Канада", "Canada"),
        (
            Name("Торонто", "Торонто", "Toronto"),
            Name("Едмонтон", "Эдмонтон", "Edmonton"),
            Name("Вінніпег", "Виннипег", "Winnipeg"),
        ),
    ),
    "JP": (
        Name("Японія", "Япония", "Japan"),
        (Name("Осака", "Осака", "Osaka"), Name("Кобе", "Кобе", "Kobe"), Name("Сендай", "Сендай", "Sendai")),
    ),
    "UA": (Name("Україна", "Украина", "Ukraine"), ()),
}
"""Codes, names, towns."""
