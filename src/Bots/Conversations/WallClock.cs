using Microsoft.Extensions.Options;
using NodaTime;

namespace Platform.Bots.Conversations;

/// <summary>The day and time on the wall of the business: what people are told.</summary>
internal sealed class WallClock(IOptions<BotsOptions> options)
{
    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb[options.Value.TimeZone];

    public static bool Knows(string timeZone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone) is not null;

    public DateOnly DayOf(DateTimeOffset at) => Local(at).Date.ToDateOnly();

    public TimeOnly TimeOf(DateTimeOffset at) => Local(at).TimeOfDay.ToTimeOnly();

    private LocalDateTime Local(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(_zone).LocalDateTime;
}
