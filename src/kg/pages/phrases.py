"""The interface's own words, in the languages it speaks; content has its own languages."""

from __future__ import annotations

from typing import Final

INTERFACE_LANGUAGES: Final = ("en", "uk", "ru")

_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "A prefix you use may need declaring:": ("Можливо, бракує оголошення префікса:", "Возможно, не объявлен префикс:"),
    "Also called": ("Також", "Также"),
    "Answer": ("Відповідь", "Ответ"),
    "Ask the graph": ("Запитати граф", "Спросить граф"),
    "Characters": ("Символи", "Символы"),
    "Claim": ("Твердження", "Утверждение"),
    "Classes": ("Класи", "Классы"),
    "Concepts": ("Поняття", "Понятия"),
    "Data": ("Дані", "Данные"),
    "Definition": ("Визначення", "Определение"),
    "Derived from": ("Виведено з", "Выведено из"),
    "Evidence": ("Підстави", "Основания"),
    "Facts": ("Факти", "Факты"),
    "Follows from other statements": ("Випливає з інших тверджень", "Следует из других утверждений"),
    "Graph": ("Граф", "Граф"),
    "Home": ("Головна", "Главная"),
    "In other languages": ("Іншими мовами", "На других языках"),
    "Language": ("Мова", "Язык"),
    "Licence": ("Ліцензія", "Лицензия"),
    "Links here": ("Посилання сюди", "Ссылки сюда"),
    "Named graphs": ("Іменовані графи", "Именованные графы"),
    "No such page": ("Такої сторінки немає", "Такой страницы нет"),
    "Note": ("Примітка", "Примечание"),
    "Ontology": ("Онтологія", "Онтология"),
    "Open questions": ("Відкриті питання", "Открытые вопросы"),
    "Properties": ("Властивості", "Свойства"),
    "Query": ("Запит", "Запрос"),
    "Query this": ("Запитати про це", "Спросить об этом"),
    "Quoted from": ("Цитата з", "Цитата из"),
    "Release": ("Випуск", "Выпуск"),
    "Request": ("Звернення", "Обращение"),
    "Run": ("Виконати", "Выполнить"),
    "Said by": ("За словами", "По словам"),
    "Skip to content": ("До змісту", "К содержанию"),
    "Source": ("Джерело", "Источник"),
    "Sources": ("Джерела", "Источники"),
    "Statements": ("Твердження", "Утверждения"),
    "The name": ("Назва", "Название"),
    "The passage is too long to quote.": ("Уривок задовгий для цитати.", "Отрывок слишком длинный для цитаты."),
    "The text is not published here: rights in it are not cleared.": (
        "Текст тут не опубліковано: права на нього не з’ясовано.",
        "Текст здесь не опубликован: права на него не выяснены.",
    ),
    "Things": ("Речі", "Вещи"),
    "This page as data": ("Ця сторінка як дані", "Эта страница как данные"),
    "True": ("так", "да"),
    "False": ("ні", "нет"),
    "Used with": ("Вживається з", "Употребляется с"),
    "What is quoted from it": ("Що з нього цитовано", "Что из него цитируется"),
    "What points here": ("Що вказує сюди", "Что указывает сюда"),
    "and {count} more": ("та ще {count}", "и ещё {count}"),
    "more general": ("загальніше", "более общее"),
    "stated in": ("сказано в", "сказано в"),
    "{count} rows": ("рядків: {count}", "строк: {count}"),
}


def phrase(text: str, language: str) -> str:
    """An interface phrase in one of the interface's languages; English is the key and the fallback."""
    if language == "en":
        return text
    return _PHRASES[text][INTERFACE_LANGUAGES.index(language) - 1]
