"""The interface's own words, in the languages it speaks; content has its own languages."""

from __future__ import annotations

from typing import Final

INTERFACE_LANGUAGES: Final = ("en", "uk", "ru")

_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "A prefix you use may need declaring:": ("Можливо, бракує оголошення префікса:", "Возможно, не объявлен префикс:"),
    "About": ("Про це", "Об этом"),
    (
        "Add statements with their evidence to a file in data/. One command checks shapes, ontology and every "
        "quotation, and names file and line of what is wrong."
    ): (
        (
            "Додайте твердження з підставами до файлу в data/. Одна команда перевіряє форми, онтологію та кожну "
            "цитату й називає файл і рядок кожної помилки."
        ),
        (
            "Добавьте утверждения с основаниями в файл в data/. Одна команда проверяет формы, онтологию и каждую "
            "цитату и называет файл и строку каждой ошибки."
        ),
    ),
    "Also called": ("Також", "Также"),
    "and {count} more": ("та ще {count}", "и ещё {count}"),
    "Annotations": ("Анотації", "Аннотации"),
    "Answer": ("Відповідь", "Ответ"),
    "Ask the graph": ("Запитати граф", "Спросить граф"),
    "Characters": ("Символи", "Символы"),
    "characters": ("символи", "символы"),
    "Check and extend": ("Перевірити й доповнити", "Проверить и дополнить"),
    "Claim": ("Твердження", "Утверждение"),
    "Claims": ("Твердження з підставою", "Утверждения с основанием"),
    "Classes": ("Класи", "Классы"),
    "Concepts": ("Поняття", "Понятия"),
    "Contents": ("Зміст", "Содержание"),
    "Data": ("Дані", "Данные"),
    "Definition": ("Визначення", "Определение"),
    "Derived from": ("Виведено з", "Выведено из"),
    "Each thing has one address. It gives people a page and programs Turtle, JSON-LD and other syntaxes of RDF.": (
        "Кожна річ має одну адресу. Людям вона дає сторінку, а програмам – Turtle, JSON-LD та інші синтаксиси RDF.",
        "У каждой вещи один адрес. Людям он даёт страницу, а программам – Turtle, JSON-LD и другие синтаксисы RDF.",
    ),
    "Evidence": ("Підстави", "Основания"),
    "Facts": ("Факти", "Факты"),
    "False": ("ні", "нет"),
    "Follows from other statements": ("Випливає з інших тверджень", "Следует из других утверждений"),
    "Found at": ("Знайдено на", "Найдено на"),
    "Graph": ("Граф", "Граф"),
    "Groups of properties": ("Групи властивостей", "Группы свойств"),
    "Home": ("Головна", "Главная"),
    "In other languages": ("Іншими мовами", "На других языках"),
    (
        "Its page has the SHA-256 by which you recognise the file, and the short phrases that are quoted from it, "
        "each with its place."
    ): (
        (
            "На сторінці про нього є SHA-256, за яким можна впізнати файл, і короткі цитати з нього, кожна зі своїм "
            "місцем."
        ),
        (
            "На странице о нём есть SHA-256, по которому можно узнать файл, и короткие цитаты из него, каждая со "
            "своим местом."
        ),
    ),
    "Language": ("Мова", "Язык"),
    "Licence": ("Ліцензія", "Лицензия"),
    "Links here": ("Посилання сюди", "Ссылки сюда"),
    "Measures": ("Показники", "Показатели"),
    "more general": ("загальніше", "более общее"),
    "Named graphs": ("Іменовані графи", "Именованные графы"),
    "No such page": ("Такої сторінки немає", "Такой страницы нет"),
    "Note": ("Примітка", "Примечание"),
    "Ontology": ("Онтологія", "Онтология"),
    "Open a thing": ("Відкрити річ", "Открыть вещь"),
    "Open questions": ("Відкриті питання", "Открытые вопросы"),
    "Other things": ("Інше", "Прочее"),
    "Pages": ("Сторінки", "Страницы"),
    "Passages": ("Уривки", "Отрывки"),
    "Prefixes": ("Префікси", "Префиксы"),
    "Properties": ("Властивості", "Свойства"),
    "Properties that hold values": ("Властивості зі значеннями", "Свойства со значениями"),
    "Properties that lead to things": ("Властивості, що ведуть до речей", "Свойства, ведущие к вещам"),
    "Query": ("Запит", "Запрос"),
    "Query in SPARQL 1.1": ("Запит мовою SPARQL 1.1", "Запрос на SPARQL 1.1"),
    "Query this": ("Запитати про це", "Спросить об этом"),
    "Quoted from": ("Цитата з", "Цитата из"),
    "Release": ("Випуск", "Выпуск"),
    "Request": ("Звернення", "Обращение"),
    "Rows: {count}": ("Рядків: {count}", "Строк: {count}"),
    "Rules in SPARQL": ("Правила мовою SPARQL", "Правила на SPARQL"),
    "Run": ("Виконати", "Выполнить"),
    "Run this query here": ("Виконати цей запит тут", "Выполнить этот запрос здесь"),
    "Said by": ("За словами", "По словам"),
    "Shapes": ("Форми", "Формы"),
    "Shapes of properties": ("Форми властивостей", "Формы свойств"),
    "Shapes of things": ("Форми речей", "Формы вещей"),
    "Skip to content": ("До змісту", "К содержанию"),
    "Source": ("Джерело", "Источник"),
    "Sources": ("Джерела", "Источники"),
    "SPARQL 1.1, in the browser or from any client.": (
        "SPARQL 1.1 – у браузері або з будь-якого клієнта.",
        "SPARQL 1.1 – в браузере или из любого клиента.",
    ),
    "stated in": ("сказано в", "сказано в"),
    "Statements": ("Твердження", "Утверждения"),
    "Terms of other vocabularies": ("Терміни інших словників", "Термины других словарей"),
    "The first {count} are shown; the data above has all.": (
        "Показано перші {count}; у даних вище є всі.",
        "Показаны первые {count}; в данных выше есть все.",
    ),
    "The name": ("Назва", "Название"),
    "The passage is too long to quote.": ("Уривок задовгий для цитати.", "Отрывок слишком длинный для цитаты."),
    "The text": ("Текст", "Текст"),
    "The text is not published here: rights in it are not cleared.": (
        "Текст тут не опубліковано: права на нього не з’ясовано.",
        "Текст здесь не опубликован: права на него не выяснены.",
    ),
    "Things": ("Речі", "Вещи"),
    "This answer as data": ("Ця відповідь як дані", "Этот ответ как данные"),
    "This did not work": ("Це не вдалося", "Это не получилось"),
    "This page as data": ("Ця сторінка як дані", "Эта страница как данные"),
    "This query cannot be answered": ("На цей запит неможливо відповісти", "На этот запрос нельзя ответить"),
    "Three ways in": ("Три шляхи", "Три пути"),
    "True": ("так", "да"),
    "Used with": ("Вживається з", "Употребляется с"),
    "Vocabularies": ("Словники", "Словари"),
    "What is quoted from it": ("Що з нього цитовано", "Что из него цитируется"),
    "What points here": ("Що вказує сюди", "Что указывает сюда"),
    "{cited} of {characters} characters are cited ({percent} %)": (
        "Цитовано {cited} з {characters} символів ({percent} %)",
        "Процитировано {cited} из {characters} символов ({percent} %)",
    ),
    "{count} rows": ("рядків: {count}", "строк: {count}"),
}


def phrase(text: str, language: str) -> str:
    """An interface phrase in one of the interface's languages; English is the key and the fallback."""
    if language == "en":
        return text
    return _PHRASES[text][INTERFACE_LANGUAGES.index(language) - 1]
