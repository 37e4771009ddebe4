using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Platform.ServiceDefaults.Web;

/// <summary>The last row of a page that is sorted by instant and id. Callers send it back unchanged to get the next page.</summary>
public readonly record struct PageCursor(DateTimeOffset At, long Id) : IParsable<PageCursor>
{
    public static PageCursor Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var cursor) ? cursor : throw new FormatException($"'{s}' is not a page cursor.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PageCursor result)
    {
        if ((s ?? "").Split('-') is [var at, var row]
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds <= (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
            && long.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && id > 0)
        {
            result = new(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), id);
            return true;
        }

        result = default;
        return false;
    }

    // In microseconds, the database's precision, so that the cursor matches its row exactly.
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}-{Id}");
}
