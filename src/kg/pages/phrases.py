"""The interface's own words, in the languages it speaks; content has its own languages."""

from __future__ import annotations

from typing import Final

INTERFACE_LANGUAGES: Final = ("en", "uk", "ru")

_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "A prefix you use may need declaring:": ("Можливо, бракує оголошення префікса:", "Возможно, не объявлен префикс:"),
    "and {count} more": ("та ще {count}", "и ещё {count}"),
    "Add statements with their evidence to a file in data/.": (
        "Додайте твердження з підставами до файлу в data/.",
        "Добавьте утверждения с основаниями в файл в data/.",
    ),
    "Annotations": ("Анотації", "Аннотации"),
    "Answer": ("Відповідь", "Ответ"),
    "Ask the graph": ("Запитати граф", "Спросить граф"),
    "Characters": ("Символи", "Символы"),
    "characters": ("символи", "символы"),
    "Check the address, or start from one of these pages.": (
        "Перевірте адресу або почніть з однієї з цих сторінок.",
        "Проверьте адрес или начните с одной из этих страниц.",
    ),
    "Check and extend": ("Перевірити й доповнити", "Проверить и дополнить"),
    "Claim": ("Твердження", "Утверждение"),
    "Claims": ("Твердження", "Утверждения"),
    "Classes": ("Класи", "Классы"),
    "Contents": ("Зміст", "Содержание"),
    "Data": ("Дані", "Данные"),
    "Derived from": ("Виведено з", "Выведено из"),
    "Evidence": ("Підстави", "Основания"),
    "False": ("ні", "нет"),
    "Follows from other statements": ("Випливає з інших тверджень", "Следует из других утверждений"),
    "Found at": ("Знайдено на", "Найдено на"),
    "Graph": ("Граф", "Граф"),
    "Groups of properties": ("Групи властивостей", "Группы свойств"),
    "Home": ("Головна", "Главная"),
    "Its page has the file’s SHA-256 and short quotations, each with its place.": (
        "На його сторінці є SHA-256 файлу та короткі цитати, кожна зі своїм місцем.",
        "На его странице есть SHA-256 файла и короткие цитаты, каждая со своим местом.",
    ),
    "Language": ("Мова", "Язык"),
    "Measures": ("Показники", "Показатели"),
    "Named graphs": ("Іменовані графи", "Именованные графы"),
    "No such page": ("Такої сторінки немає", "Такой страницы нет"),
    "Note": ("Примітка", "Примечание"),
    "Ontology": ("Онтологія", "Онтология"),
    "One address a thing: a page for people, RDF in six syntaxes for programs.": (
        "Одна адреса на річ: людям – сторінка, програмам – RDF у шести синтаксисах.",
        "Один адрес на вещь: людям – страница, программам – RDF в шести синтаксисах.",
    ),
    "One command checks it and names file and line of what is wrong.": (
        "Одна команда все перевіряє й називає файл і рядок кожної помилки.",
        "Одна команда всё проверяет и называет файл и строку каждой ошибки.",
    ),
    "Open a thing": ("Відкрити річ", "Открыть вещь"),
    "Other things": ("Інше", "Прочее"),
    "Pages": ("Сторінки", "Страницы"),
    "Passages": ("Уривки", "Отрывки"),
    "Prefixes": ("Префікси", "Префиксы"),
    "Properties that hold values": ("Властивості зі значеннями", "Свойства со значениями"),
    "Properties that lead to things": ("Властивості, що ведуть до речей", "Свойства, ведущие к вещам"),
    "Query": ("Запит", "Запрос"),
    "Query in SPARQL 1.1": ("Запит мовою SPARQL 1.1", "Запрос на SPARQL 1.1"),
    "Query this": ("Запитати про це", "Спросить об этом"),
    "RDF triples": ("Трійки RDF", "Тройки RDF"),
    "Release": ("Випуск", "Выпуск"),
    "Rows: {count}": ("Рядків: {count}", "Строк: {count}"),
    "Rules in SPARQL": ("Правила мовою SPARQL", "Правила на SPARQL"),
    "Run": ("Виконати", "Выполнить"),
    "Run this query here": ("Виконати цей запит тут", "Выполнить этот запрос здесь"),
    "Said by": ("Автор слів:", "Автор слов:"),
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
    "Vocabularies": ("Словники", "Словари"),
    "What is quoted from it": ("Що з нього цитовано", "Что из него цитируется"),
    "What points here": ("Що вказує сюди", "Что указывает сюда"),
    "{cited} of {characters} characters are cited ({percent} %)": (
        "Цитовано {cited} з {characters} символів ({percent} %)",
        "Процитировано {cited} из {characters} символов ({percent} %)",
    ),
}


def phrase(text: str, language: str) -> str:
    """An interface phrase in one of the interface's languages; English is the key and the fallback."""
    if language == "en":
        return text
    return _PHRASES[text][INTERFACE_LANGUAGES.index(language) - 1]
