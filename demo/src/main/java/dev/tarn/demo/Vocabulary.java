package dev.tarn.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;

/** The words of the shop, clean and as people write them. */
final class Vocabulary {
    /** The countries customers live in; the first spelling is the right one. */
    static final List<Country> COUNTRIES =
            List.of(
                    country("EUR", "Germany", "germany", "DE", "Deutschland", "GERMANY "),
                    country("EUR", "France", "france", "FR", "FRANCE", " France"),
                    country(
                            "GBP",
                            "United Kingdom",
                            "UK",
                            "U.K.",
                            "united kingdom",
                            "Great Britain"),
                    country("USD", "United States", "USA", "US", "U.S.A.", "united states"),
                    country("CHF", "Switzerland", "CH", "Schweiz", "Suisse", "switzerland"),
                    country("SEK", "Sweden", "SE", "Sverige", "sweden", "SWEDEN"),
                    country("PLN", "Poland", "PL", "Polska", "poland", "Poland "),
                    country("EUR", "Spain", "ES", "España", "spain", "SPAIN"));

    /** What things cost in them; thousandths of the price in euros. */
    static final List<Currency> CURRENCIES =
            List.of(
                    currency("EUR", 1_000, "EUR", "eur", "€", "Euro"),
                    currency("GBP", 860, "GBP", "gbp", "£", "GBP "),
                    currency("USD", 1_090, "USD", "usd", "US$", "USD "),
                    currency("CHF", 960, "CHF", "chf", "SFr.", "CHF "),
                    currency("SEK", 11_300, "SEK", "sek", "kr", "SEK "),
                    currency("PLN", 4_300, "PLN", "pln", "zł", "PLN "));

    static final byte[][] FIRST_NAMES =
            words(
                    "Ada", "Björn", "Chloé", "Dmitri", "Emma", "Farid", "Grace", "Hana", "Ines",
                    "Jürgen", "Kofi", "Lena", "Marek", "Noor", "Olga", "Pedro", "Quinn", "Rosa",
                    "Sven", "Tove");
    static final byte[][] LAST_NAMES =
            words(
                    "Almeida",
                    "Berg",
                    "Castillo",
                    "Dubois",
                    "Eriksson",
                    "Fischer",
                    "García",
                    "Hughes",
                    "Ivanova",
                    "Jones",
                    "Kowalski",
                    "Lindqvist",
                    "Müller",
                    "Nguyen",
                    "O'Neil",
                    "Peters",
                    "Quist",
                    "Rossi",
                    "Schmidt",
                    "Tanaka");
    static final byte[][] CITIES =
            words(
                    "Northgate",
                    "Eastbrook",
                    "Southport",
                    "Westhaven",
                    "Kingsford",
                    "Millbridge",
                    "Oakfield",
                    "Riverside",
                    "Saint-Étienne",
                    "Stonebury",
                    "Thornton",
                    "Winterhafen");
    static final byte[][] TIERS = words("bronze", "silver", "gold", "platinum");
    static final byte[][] STREETS =
            words("Mill Lane", "High Street", "Harbour Road", "Station Square");
    static final byte[][] CHANNELS = words("web", "app", "phone");
    static final byte[][] DEVICES = words("mobile", "desktop", "tablet");
    static final byte[][] COUPONS = words("SPRING10", "WELCOME5", "FREESHIP", "VIP20");
    static final byte[][] CATEGORIES =
            words("books", "garden", "kitchen", "music", "outdoor", "stationery", "toys");
    static final byte[][] ADJECTIVES =
            words("Quiet", "Bright", "Folding", "Wooden", "Tiny", "Sturdy", "Woollen", "Copper");
    static final byte[][] NOUNS =
            words(
                    "Lamp",
                    "Kettle",
                    "Notebook",
                    "Tent",
                    "Drum",
                    "Trowel",
                    "Puzzle",
                    "Mug",
                    "Blanket",
                    "Compass");
    static final byte[][] COLOURS = words("red", "green", "blue", "black", "white");

    private Vocabulary() {}

    static byte[][] words(String... words) {
        return Arrays.stream(words).map(word -> word.getBytes(UTF_8)).toArray(byte[][]::new);
    }

    private static Country country(String currency, String... spellings) {
        return new Country(currency, words(spellings));
    }

    private static Currency currency(String code, int thousandths, String... spellings) {
        return new Currency(code, thousandths, words(spellings));
    }

    static int currencyOf(int country) {
        String code = COUNTRIES.get(country).currency;
        for (int i = 0; i < CURRENCIES.size(); i++) {
            if (CURRENCIES.get(i).code.equals(code)) {
                return i;
            }
        }
        throw new IllegalStateException("No currency " + code);
    }

    /**
     * @param spellings the right one first
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Country(String currency, byte[][] spellings) {}

    /**
     * @param spellings the right one first
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Currency(String code, int thousandthsOfEuro, byte[][] spellings) {}
}
