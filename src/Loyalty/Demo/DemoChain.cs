using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;
using Platform.Loyalty.Codes;
using Platform.Loyalty.Levels;
using Platform.Loyalty.Settings;
using Platform.ServiceDefaults.Time;

namespace Platform.Loyalty.Demo;

/// <summary>
/// Half a year of a small chain, played through day by day: who comes when, what they pay, which points, levels, stamps and gifts follow.
/// The same each time. <c>verify</c> proves that it follows the rules of real orders.
/// </summary>
internal sealed class DemoChain
{
    public const int OrderCount = 40_000;
    public const int GuestCount = 2_000;

    // The ids and the registrations that Users gives its demo guests, and the ids of its demo staff.
    public const long FirstGuest = 900_001;
    public const long FirstStaff = 900_001;
    private const int Days = 182;

    /// <summary>Every n-th coffee is free: the gift comes with the stamp before.</summary>
    public const int StampsForGift = 6;

    public const string StampGift = "Кофе на выбор";

    private const int RefundEvery = 25;

    /// <summary>Answers guests.</summary>
    public const long Manager = FirstStaff + 1;

    public static readonly IReadOnlyList<DemoShop> Shops =
    [
        new("main-street", "На Главной", "Москва", "ул. Главная, 12", "8:00–21:00"),
        new("riverside", "У реки", "Москва", "Набережная, 3", "8:00–21:00"),
        new("station", "Вокзал", "Москва", "Вокзальная пл., 1", "8:00–21:00"),
    ];

    public static readonly IReadOnlyList<DemoReward> Rewards =
    [
        new("Капучино", "Любого размера", 60, Stock: null),
        new("Десерт дня", "Спросите, что сегодня на витрине", 90, Stock: null),
        new("Фирменная кружка", "Керамика, 350 мл", 400, Stock: 25),
        new("Пачка зерна", "250 г, обжарка этой недели", 700, Stock: 15),
    ];

    // Shares of a day's orders by the hour, from eight on: a morning rush, lunch, the way home.
    private static readonly int[] Hours = [10, 14, 10, 7, 9, 10, 6, 5, 6, 8, 8, 5, 2];

    // From Monday on.
    private static readonly int[] Weekdays = [9, 9, 10, 10, 12, 13, 11];

    private static readonly string[] Praise =
        ["Отличный кофе!", "Очень вежливые баристы", "Моё любимое место", "Быстро и вкусно", "Спасибо за десерт!", "Уютно, приду ещё"];

    private static readonly string[] Criticism =
        ["Долго ждали", "Кофе был холодный", "Не хватило мест", "Шумно по утрам", "Закончились круассаны к десяти утра"];

    private static readonly string[] IdeaTexts =
    [
        "Добавьте овсяное молоко", "Поставьте больше розеток", "Нужен безлактозный десерт", "Сделайте скидку за свою кружку", "Откройтесь пораньше",
        "Хочется фильтр-кофе на завтрак", "Проведите дегустацию зерна", "Добавьте предзаказ",
    ];

    private static readonly (string Text, string Reply)[] Questions =
    [
        ("Можно ли оплатить баллами весь заказ?", "Баллами можно оплатить до 30 % заказа."),
        ("Забыл у вас зонт вчера вечером", "Зонт у бариста, приходите в любое время."),
        ("Будете ли вы работать в праздники?", "Да, с 10:00 до 18:00."),
        ("Не начислились баллы за утренний заказ", "Проверили: баллы на месте. Спасибо, что написали!"),
    ];

    private readonly IReadOnlyList<Level> _levels;
    private readonly LoyaltySettings _settings;
    private readonly BusinessClock _clock;
    private readonly LocalDate _today;
    private readonly int[] _sold = new int[Rewards.Count];
    private Queue<long> _orderIds = new();
    private Queue<long> _entryIds = new();

    /// <param name="levels">Lowest first.</param>
    public DemoChain(IReadOnlyList<Level> levels, LoyaltySettings settings, BusinessClock clock, DateTimeOffset now)
    {
        (_levels, _settings, _clock) = (levels, settings, clock);
        _today = clock.Local(now).Date;
        Opened = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-Days);
        Guests = [.. Enumerable.Range(0, GuestCount).Select(number => new DemoGuest(number, Opened.AddDays(number * Days / GuestCount), levels[0]))];
    }

    public DateTimeOffset Opened { get; }

    public decimal RoublesPerPoint => _settings.RoublesPerPoint.Roubles;

    public IReadOnlyList<DemoGuest> Guests { get; }

    /// <summary>Those who came.</summary>
    public IEnumerable<DemoGuest> Played => Guests.Where(guest => guest.LastOrderAt is not null);

    public List<DemoOrder> Orders { get; } = [];

    public List<DemoEntry> Entries { get; } = [];

    public List<DemoUse> Uses { get; } = [];

    public List<DemoStamp> Stamps { get; } = [];

    public List<DemoGift> Gifts { get; } = [];

    public List<DemoFeedback> Feedback { get; } = [];

    public List<DemoShift> Shifts { get; } = [];

    public IReadOnlyList<int> Sold => _sold;

    public List<long> RewardIds { get; } = [];

    /// <param name="used">Ids of guests whose account someone has used; they do not come.</param>
    /// <param name="orderIds">In the order of time.</param>
    public void Play(IReadOnlySet<long> used, IEnumerable<long> orderIds, IEnumerable<long> entryIds)
    {
        (_orderIds, _entryIds) = (new(orderIds), new(entryIds));
        foreach (var guest in Guests)
        {
            guest.Comes = !used.Contains(guest.UserId);
        }

        var days = Enumerable.Range(1, Days - 1).Select(day => _today.PlusDays(day - Days)).ToList();
        var weights = days.Select((day, nth) => (nth + 40) * Weekdays[(int)day.DayOfWeek - 1]).ToList();
        var (total, before) = (weights.Sum(), 0L);
        foreach (var (nth, day) in days.Index())
        {
            var after = before + weights[nth];
            var (from, until) = ((int)(OrderCount * before / total), (int)(OrderCount * after / total));
            PlayDay(day, GuestCount * (nth + 1) / Days, from, until);
            before = after;
        }
    }

    public IReadOnlyList<Level> LevelsUpTo(Level level) => [.. _levels.Where(step => step.Rank <= level.Rank)];

    public static string SourceOf(DemoEntry entry) => entry.Gift is { } gift
        ? string.Create(CultureInfo.InvariantCulture, $"gift:{gift.Id}") : string.Create(CultureInfo.InvariantCulture, $"order:{entry.OrderId}");

    /// <summary>Last orders of some guests, none of whom got a gift for its stamp.</summary>
    public IEnumerable<DemoOrder> Refunded =>
        from order in Orders.GroupBy(order => order.UserId).Select(orders => orders.Last())
        let guest = Guests[(int)(order.UserId - FirstGuest)]
        where guest.Number % RefundEvery == 1 && guest.Stamps % (StampsForGift - 1) != 0
        select order;

    public object WhyOf(DemoEntry entry) => entry.Gift is { } gift
        ? new { rule = "reward", rewardId = RewardIds[gift.Reward!.Value], giftId = gift.Id, gift.Title, gift.Cost }
        : entry.Why!;

    private void PlayDay(LocalDate day, int known, int from, int until)
    {
        foreach (var (nth, shop) in Shops.Index())
        {
            Shifts.Add(new DemoShift(StaffOf(day, nth), shop.Id, At(day, 8 * 3600), At(day, (21 * 3600) + (60 * Pick(day.DayOfYear, $"closes {nth}", 20)))));
        }

        var visits = Enumerable.Range(from, until - from)
            .Select(number => (Number: number, Second: SecondOf(number)))
            .OrderBy(visit => visit.Second).ThenBy(visit => visit.Number);
        foreach (var (number, second) in visits)
        {
            PlayVisit(number, GuestOf(number, known), day, At(day, second));
        }

        foreach (var guest in Guests.Where(guest => guest.Comes && guest.BirthdayIn(day)))
        {
            var at = At(day, 0).AddMinutes(5);
            if (_settings.BirthdayGift is { } title && guest.RegisteredAt < at)
            {
                Give(guest, title, "birthday", string.Create(CultureInfo.InvariantCulture, $"birthday:{day.Year}"), at, at.AddDays(_settings.BirthdayGiftDays));
            }
        }
    }

    private void PlayVisit(int number, DemoGuest guest, LocalDate day, DateTimeOffset at)
    {
        var nth = Pick(number, "shop", 10) switch { < 5 => 0, < 8 => 1, _ => 2 };
        var (staff, orderId) = (StaffOf(day, nth), _orderIds.Dequeue());
        // A few guests buy for their whole office.
        decimal amount = guest.Number % 89 == 3 ? 2_400 + (50 * Pick(number, "amount", 80)) : 150 + (10 * Pick(number, "amount", 55));
        var spent = guest.Points >= 20 && Pick(number, "spends points", 6) == 0
            ? Math.Min(guest.Points, (long)Math.Floor(amount * _settings.MaxPointsShare)) : 0;
        var paid = amount - spent;
        var level = guest.Level;
        var earned = (long)Math.Floor(Math.Floor(paid / _settings.RoublesPerPoint.Roubles) * level.EarnMultiplier);

        if (spent > 0)
        {
            Change(guest, -spent, "spend", orderId, at, new { rule = "spend", orderId, amount, share = _settings.MaxPointsShare });
        }

        if (earned > 0)
        {
            Change(guest, earned, "earn", orderId, at, new
            {
                rule = "earn", orderId, amount, paid, per = _settings.RoublesPerPoint.Roubles, level = level.Key, levelMultiplier = level.EarnMultiplier,
            });
        }

        guest.Changes++;
        guest.Lifetime += earned;
        guest.Spend += paid;
        guest.LastOrderAt = at;
        var reached = _levels.Last(candidate => candidate.Threshold.Value <= guest.Lifetime);
        Orders.Add(new DemoOrder(
            orderId, number, guest.UserId, staff, Shops[nth].Id, Pick(number, "code", PaymentCode.Numbers).ToString("D6", CultureInfo.InvariantCulture),
            amount, paid, earned, spent, guest.Points, level, reached, at));
        var redeemable = guest.Gifts.Where(gift => gift.RedeemedAt is null && (gift.ExpiresAt is null || gift.ExpiresAt > at)).ToList();
        if (redeemable is [var gift, ..] && Pick(number, "redeems", 4) > 0)
        {
            (gift.RedeemedAt, gift.RedeemedBy, gift.OrderId) = (at, staff, orderId);
        }

        if (reached != level)
        {
            (guest.Level, guest.LevelSince) = (reached, at);
            if (reached.Gift is { } title)
            {
                Give(guest, title, "level", $"level:{reached.Key}", at, at.AddDays(_settings.LevelGiftDays));
            }
        }

        Stamps.Add(new DemoStamp(guest.UserId, orderId, at));
        if (++guest.Stamps % (StampsForGift - 1) == 0)
        {
            Give(guest, StampGift, "campaign", "", at, at.AddDays(_settings.StampGiftDays)).FullCard = guest.Stamps / (StampsForGift - 1);
        }

        Buy(number, guest, at.AddSeconds(40));
        Say(number, guest, Shops[nth].Id, at.AddMinutes(20));
        if (Pick(number, "gets a gift", 250) == 0)
        {
            Give(guest, "Печенье к кофе", "manual", string.Create(CultureInfo.InvariantCulture, $"manual:demo:{number}"), at, at.AddDays(30)).IssuedBy = staff;
        }
    }

    private void Buy(int number, DemoGuest guest, DateTimeOffset at)
    {
        var nth = Pick(number, "reward", Rewards.Count);
        var reward = Rewards[nth];
        if (guest.Points < reward.Cost + 20 || Pick(number, "buys", 3) > 0 || reward.Stock is { } stock && _sold[nth] >= stock - 3)
        {
            return;
        }

        _sold[nth]++;
        guest.Changes++;
        var gift = Give(guest, reward.Title, "reward", string.Create(CultureInfo.InvariantCulture, $"reward:demo:{number}"), at, at.AddDays(30));
        (gift.Reward, gift.Cost) = (nth, reward.Cost);
        gift.Entry = Change(guest, -reward.Cost, "reward", null, at, null, gift);
    }

    private void Say(int number, DemoGuest guest, string shop, DateTimeOffset at)
    {
        switch (Pick(number, "says", 200))
        {
            case < 9:
                var rating = Pick(number, "rating", 100) switch { < 45 => 10, < 70 => 9, < 85 => 8, < 91 => 7, < 95 => 6, < 98 => 4, _ => 2 };
                var texts = rating >= 8 ? Praise : Criticism;
                Feedback.Add(new DemoFeedback(
                    "review", guest.UserId, rating, Pick(number, "has words", 3) == 0 ? null : texts[Pick(number, "words", texts.Length)], shop, at));
                break;
            case 9:
                Feedback.Add(new DemoFeedback("idea", guest.UserId, null, IdeaTexts[Pick(number, "idea", IdeaTexts.Length)], null, at));
                break;
            case 10:
                var (text, reply) = Questions[Pick(number, "question", Questions.Length)];
                Feedback.Add(new DemoFeedback("message", guest.UserId, null, text, null, at)
                {
                    Reply = Pick(number, "is answered", 5) > 0 ? reply : null,
                });
                break;
        }
    }

    private DemoEntry Change(DemoGuest guest, long points, string reason, long? orderId, DateTimeOffset at, object? why, DemoGift? gift = null)
    {
        guest.Points += points;
        var entry = new DemoEntry(_entryIds.Dequeue(), guest.UserId, points, reason, orderId, guest.Points, at, why) { Gift = gift };
        Entries.Add(entry);
        if (points > 0)
        {
            entry.Left = points;
            guest.Lots.Enqueue(entry);
            return entry;
        }

        for (var left = -points; left > 0;)
        {
            var oldest = guest.Lots.Peek();
            var taken = Math.Min(left, oldest.Left);
            Uses.Add(new DemoUse(guest.UserId, entry.Id, oldest.Id, taken));
            (oldest.Left, left) = (oldest.Left - taken, left - taken);
            if (oldest.Left == 0)
            {
                guest.Lots.Dequeue();
            }
        }

        return entry;
    }

    private DemoGift Give(DemoGuest guest, string title, string reason, string source, DateTimeOffset at, DateTimeOffset expiresAt)
    {
        var gift = new DemoGift(guest.UserId, title, reason, source, at, expiresAt);
        Gifts.Add(gift);
        guest.Gifts.Add(gift);
        return gift;
    }

    /// <summary>A few guests come nearly every day, most now and then.</summary>
    private DemoGuest GuestOf(int number, int known)
    {
        var share = Pick(number, "guest", 100_000) / 100_000.0;
        // Spread over all who have registered: the regulars are not the first of them.
        var guest = (int)(GuestCount * share * share * share) * 1_237 % GuestCount;
        for (guest = guest < known ? guest : guest % known; !Guests[guest].Comes; guest = (guest + 1) % known)
        {
        }

        return Guests[guest];
    }

    private static int SecondOf(int number)
    {
        var (share, hour) = (Pick(number, "hour", Hours.Sum()), 0);
        while (share >= Hours[hour])
        {
            share -= Hours[hour++];
        }

        return ((8 + hour) * 3600) + Pick(number, "second", 3600);
    }

    /// <summary>Two in turn for each shop.</summary>
    private static long StaffOf(LocalDate day, int shop) => FirstStaff + (shop * 2) + (day.DayOfYear % 2);

    private DateTimeOffset At(LocalDate day, int second) => _clock.At(day.At(LocalTime.Midnight).PlusSeconds(second));

    /// <summary>Looks random and is the same each time: 0 or more, and below <paramref name="below"/>.</summary>
    internal static int Pick(int number, string what, int below) =>
        (int)(BinaryPrimitives.ReadUInt64LittleEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}: {what}")))) % (ulong)below);
}

internal sealed record DemoShop(string Id, string Name, string City, string Address, string Hours);

internal sealed record DemoReward(string Title, string Description, long Cost, int? Stock);

internal sealed class DemoGuest(int number, DateTimeOffset registeredAt, Level lowest)
{
    public int Number => number;

    public long UserId => DemoChain.FirstGuest + number;

    public DateTimeOffset RegisteredAt { get; } = registeredAt;

    public bool Comes { get; set; }

    /// <summary>Orders and purchases: each makes a version of the account.</summary>
    public long Changes { get; set; }

    public Queue<DemoEntry> Lots { get; } = new();

    public List<DemoGift> Gifts { get; } = [];

    public long Points { get; set; }

    public long Lifetime { get; set; }

    public decimal Spend { get; set; }

    public int Stamps { get; set; }

    public Level Level { get; set; } = lowest;

    public DateTimeOffset LevelSince { get; set; } = registeredAt;

    public DateTimeOffset? LastOrderAt { get; set; }

    // As in Users.
    private readonly DateOnly? _birthDate = DemoChain.Pick(number, "tells the birthday", 3) == 0
        ? null : new DateOnly(1960, 1, 1).AddDays(DemoChain.Pick(number, "birthday", 45 * 365));

    public bool BirthdayIn(LocalDate day) => _birthDate is { } born
        && (born.Month, born is { Month: 2, Day: 29 } && !CalendarSystem.Iso.IsLeapYear(day.Year) ? 28 : born.Day) == (day.Month, day.Day);
}

internal sealed record DemoOrder(
    long Id, int Number, long UserId, long StaffId, string ShopId, string Code, decimal Amount, decimal Paid, long Earned, long Spent, long Balance,
    Level Before, Level After, DateTimeOffset PlacedAt);

internal sealed record DemoEntry(
    long Id, long UserId, long Delta, string Reason, long? OrderId, long Balance, DateTimeOffset At, object? Why)
{
    /// <summary>What is left of the lot that it made.</summary>
    public long Left { get; set; }

    public DemoGift? Gift { get; init; }
}

internal sealed record DemoUse(long UserId, long EntryId, long LotId, long Points);

internal sealed record DemoStamp(long UserId, long OrderId, DateTimeOffset At);

internal sealed class DemoGift(long userId, string title, string reason, string source, DateTimeOffset issuedAt, DateTimeOffset expiresAt)
{
    public long Id { get; set; }

    public long UserId => userId;

    public string Title => title;

    public string Reason => reason;

    public string Source => source;

    public DateTimeOffset IssuedAt => issuedAt;

    public DateTimeOffset? ExpiresAt => expiresAt;

    public long? IssuedBy { get; set; }

    public DateTimeOffset? RedeemedAt { get; set; }

    public long? RedeemedBy { get; set; }

    public long? OrderId { get; set; }

    /// <summary>Index into <see cref="DemoChain.Rewards"/>.</summary>
    public int? Reward { get; set; }

    public long? Cost { get; set; }

    public DemoEntry? Entry { get; set; }

    /// <summary>Which of the guest's full cards it is for, from 1.</summary>
    public int? FullCard { get; set; }
}

internal sealed record DemoFeedback(string Kind, long UserId, int? Rating, string? Text, string? ShopId, DateTimeOffset At)
{
    public string? Reply { get; init; }
}

internal sealed record DemoShift(long StaffId, string ShopId, DateTimeOffset OpenedAt, DateTimeOffset ClosedAt);
