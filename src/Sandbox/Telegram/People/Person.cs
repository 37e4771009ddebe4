using Platform.Contracts;

namespace Platform.Sandbox.Telegram.People;

/// <param name="Phone">Digits only, as Telegram gives it to bots.</param>
internal sealed record Person(TelegramId Id, string FirstName, string? LastName, string? Username, string? LanguageCode, string Phone)
{
    /// <summary>The people at each start.</summary>
    public static IReadOnlyList<Person> AtStart { get; } =
    [
        new(new(7_200_000_001), "Анна", "Смирнова", "anna_smirnova", "ru", "79005550101"),
        // The first guest of the demo data.
        new(new(7_000_000_001), "Maria", null, "maria_guest", "ru", "70000000001"),
        new(new(7_200_000_002), "John", "Miller", "john_miller", "en", "12025550142"),
        // Staff of the demo data.
        new(new(7_100_000_001), "Борис", null, "boris_barista", "ru", "79005550111"),
        new(new(7_100_000_002), "Olga", null, "olga_barista", "en", "79005550112"),
        new(new(7_200_000_003), "Пётр", "Чужой", "petr_stranger", "ru", "79005550103"),
    ];
}
