using Microsoft.EntityFrameworkCore;
using Platform.Users.Storage;

namespace Platform.Users.SignIn;

/// <summary>Earlier values of the settings: the last few of each, passwords and keys as hashes.</summary>
internal sealed class ReplacedSettings
{
    /// <summary>A replica further behind than this is beyond help.</summary>
    private const int Remembered = 10;

    private readonly UsersDb _db;
    private readonly DateTimeOffset _now;
    private readonly List<ReplacedSetting> _rows;

    private ReplacedSettings(UsersDb db, DateTimeOffset now, List<ReplacedSetting> rows) => (_db, _now, _rows) = (db, now, rows);

    public static async Task<ReplacedSettings> Load(UsersDb db, DateTimeOffset now, CancellationToken ct) =>
        new(db, now, await db.ReplacedSettings.OrderBy(row => row.Id).ToListAsync(ct));

    public bool Has(string setting, Func<string, bool> isIt) => _rows.Any(row => row.Setting == setting && isIt(row.Hash));

    public void Add(string setting, string hash)
    {
        var row = new ReplacedSetting { Setting = setting, Hash = hash, ReplacedAt = _now };
        _db.Add(row);
        _rows.Add(row);
        _db.RemoveRange(_rows.Where(known => known.Setting == setting).SkipLast(Remembered));
    }

    /// <summary>Allows any earlier value again.</summary>
    public void Clear()
    {
        _db.RemoveRange(_rows);
        _rows.Clear();
    }
}

internal sealed class ReplacedSetting
{
    public long Id { get; private init; }

    /// <summary>Name of the setting, such as <c>ADMIN_PASSWORD</c>.</summary>
    public required string Setting { get; init; }

    /// <summary>Hashed like the value in force.</summary>
    public required string Hash { get; init; }

    public required DateTimeOffset ReplacedAt { get; init; }
}
