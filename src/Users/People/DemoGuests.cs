using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>2 000 demo guests, the same each time. Their ids are far above real ones, their phones in an unused range; existing rows stay.</summary>
internal static class DemoGuests
{
    public const int Count = 2_000;

    /// <summary>Days since the first of them registered; Loyalty's demo orders cover the same time.</summary>
    private const int Days = 182;

    // Loyalty seeds accounts and orders for the same ids, and the sandbox has people with the same Telegram ids.
    public const long FirstId = 900_001;
    public const long FirstTelegramId = 7_000_000_001;

    /// <summary>How they gave consent. It marks demo guests.</summary>
    public const string Through = "demo";

    private static readonly (string Full, bool IsFemale)[] FirstNames =
    [
        ("Мария", true), ("Александр", false), ("Екатерина", true), ("Дмитрий", false), ("Анна", true), ("Иван", false), ("Ольга", true),
        ("Сергей", false), ("Наталья", true), ("Михаил", false), ("Елена", true), ("Андрей", false), ("Юлия", true), ("Никита", false),
        ("Дарья", true), ("Алексей", false), ("Полина", true), ("Тимур", false), ("Ксения", true), ("Роман", false),
        ("Виктория", true), ("Максим", false), ("Алина", true), ("Артём", false), ("София", true), ("Павел", false), ("Вера", true),
        ("Денис", false), ("Светлана", true), ("Егор", false), ("Татьяна", true), ("Илья", false), ("Марина", true), ("Кирилл", false),
        ("Алиса", true), ("Владимир", false), ("Ирина", true), ("Георгий", false), ("Людмила", true), ("Фёдор", false),
    ];

    /// <summary>Masculine forms; the feminine form adds <c>а</c>.</summary>
    private static readonly string[] LastNames =
    [
        "Иванов", "Смирнов", "Кузнецов", "Попов", "Васильев", "Петров", "Соколов", "Михайлов", "Новиков", "Фёдоров", "Морозов", "Волков",
        "Алексеев", "Лебедев", "Семёнов", "Егоров", "Павлов", "Козлов", "Степанов", "Николаев", "Орлов", "Андреев", "Макаров",
        "Захаров", "Зайцев", "Соловьёв", "Борисов", "Яковлев", "Григорьев", "Романов", "Воробьёв", "Сергеев", "Кузьмин", "Фролов",
        "Александров", "Дмитриев", "Королёв", "Гусев", "Киселёв", "Ильин", "Максимов", "Поляков", "Сорокин", "Виноградов", "Ковалёв",
        "Белов", "Медведев", "Антонов", "Тарасов", "Жуков", "Баранов", "Филиппов", "Комаров",
    ];

    private static readonly string[] Cities = ["Москва", "Санкт-Петербург", "Казань", "Нижний Новгород", "Екатеринбург", "Новосибирск", "Самара", "Сочи"];

    private static readonly string[] Channels = ["instagram", "vk", "street", "friends", "maps"];

    public static async Task<long> Add(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<UsersDb>();
        var outbox = services.GetRequiredService<Outbox>();
        var consentText = services.GetRequiredService<IOptions<UsersOptions>>().Value.ConsentText;
        var today = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime.Date;
        var guests = Generate(new DateTimeOffset(today, TimeSpan.Zero)).ToList();

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var connection = db.Database.GetDbConnection();
        var added = (await connection.QueryAsync<long>(new CommandDefinition(
            """
            insert into users (id, telegram_id, username, full_name, phone, phone_verified_at, city, birth_date, language, referral_code,
                consent_personal_data, consent_at, consent_by, consent_text, consent_through, is_active, version, created_at, updated_at)
            overriding system value
            select id, telegram_id, username, full_name, phone, case when phone_verified then registered_at end, city, birth_date, language, referral_code,
                true, registered_at, 'telegram:' || telegram_id, @consentText, @Through, true, 1, registered_at, registered_at
            from unnest(@ids, @telegramIds, @usernames, @fullNames, @phones, @verified, @cities, @birthDates, @languages, @referralCodes, @registeredAt)
                as guest (id, telegram_id, username, full_name, phone, phone_verified, city, birth_date, language, referral_code, registered_at)
            on conflict do nothing
            returning id
            """,
            new
            {
                consentText,
                Through,
                ids = guests.Select(guest => guest.Id).ToArray(),
                telegramIds = guests.Select(guest => guest.TelegramId).ToArray(),
                usernames = guests.Select(guest => guest.Username).ToArray(),
                fullNames = guests.Select(guest => guest.FullName).ToArray(),
                phones = guests.Select(guest => guest.Phone).ToArray(),
                verified = guests.Select(guest => guest.PhoneVerified).ToArray(),
                cities = guests.Select(guest => guest.City).ToArray(),
                birthDates = guests.Select(guest => guest.BirthDate).ToArray(),
                languages = guests.Select(guest => guest.Language).ToArray(),
                referralCodes = guests.Select(guest => guest.ReferralCode).ToArray(),
                registeredAt = guests.Select(guest => guest.RegisteredAt).ToArray(),
            },
            transaction.GetDbTransaction(), cancellationToken: ct))).ToArray();

        await db.Database.ExecuteSqlAsync(
            $"""
            insert into seen_phones (phone, user_id, seen_at, proven_at)
            select phone, id, created_at, phone_verified_at from users where id = any ({added}) and phone_verified_at is not null
            on conflict (phone) do nothing
            """, ct);
        foreach (var guest in guests.Where(guest => guest.Channel is not null && added.Contains(guest.Id)))
        {
            db.Add(new AcquisitionChannel { UserId = new(guest.Id), Channel = guest.Channel, CreatedAt = guest.RegisteredAt });
        }

        foreach (var user in await db.Rows<User>($"where id = any ({added}) order by id").AsNoTracking().ToListAsync(ct))
        {
            outbox.Add(user.ToRegisteredEvent(phoneSeenBefore: false));
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return added.Length;
    }

    private static IEnumerable<Guest> Generate(DateTimeOffset today)
    {
        for (var i = 0; i < Count; i++)
        {
            // No combination repeats: 40 and 53 have no common divisor.
            var (first, isFemale) = FirstNames[i % FirstNames.Length];
            var last = LastNames[i % LastNames.Length];
            yield return new Guest(
                FirstId + i,
                FirstTelegramId + i,
                Pick(i, "has a username", 4) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"demo_guest_{i + 1}"),
                $"{first} {last}{(isFemale ? "а" : "")}",
                string.Create(CultureInfo.InvariantCulture, $"+7000{i + 1:D7}"),
                PhoneVerified: Pick(i, "has a verified phone", 10) > 0,
                Cities[Pick(i, "city", Cities.Length)],
                Pick(i, "tells the birthday", 3) == 0 ? null : new DateOnly(1960, 1, 1).AddDays(Pick(i, "birthday", 45 * 365)),
                i % 5 == 4 ? User.English : User.Russian,
                string.Concat(Enumerable.Range(0, ReferralCode.Length)
                    .Select(place => ReferralCode.Alphabet[Pick(i, $"code {place}", ReferralCode.Alphabet.Length)])),
                Pick(i, "tells the channel", 4) == 0 ? null : Channels[Pick(i, "channel", Channels.Length)],
                // About eleven a day, oldest first; loyalty's demo orders of a guest come later.
                today.AddDays((i * Days / Count) - Days).AddMinutes(Pick(i, "minute", 12 * 60) + (8 * 60)));
        }
    }

    /// <summary>Pseudo-random, but the same each time: 0 or more, and below <paramref name="below"/>.</summary>
    internal static int Pick(long guest, string what, int below) =>
        (int)(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{guest}: {what}"))) % (ulong)below);

    private sealed record Guest(
        long Id, long TelegramId, string? Username, string FullName, string Phone, bool PhoneVerified, string City, DateOnly? BirthDate, string Language,
        string ReferralCode, string? Channel, DateTimeOffset RegisteredAt);
}
