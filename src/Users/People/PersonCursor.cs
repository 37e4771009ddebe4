using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Platform.Contracts;

namespace Platform.Users.People;

/// <summary>Where a page of people ended. Callers send it back as they got it.</summary>
public readonly record struct PersonCursor(DateTimeOffset RegisteredAt, UserId Id) : IParsable<PersonCursor>
{
    public static PersonCursor Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var cursor) ? cursor : throw new FormatException($"'{s}' is not where a page ended.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PersonCursor result)
    {
        var parts = (s ?? "").Split('-');
        if (parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds <= (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
            && UserId.TryParse(parts[1], provider, out var id))
        {
            result = new(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), id);
            return true;
        }

        result = default;
        return false;
    }

    // Microseconds: what the database keeps, so the cursor meets its row exactly.
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(RegisteredAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}-{Id.Value}");
}
