using Microsoft.Extensions.Options;
using NodaTime;

namespace Platform.Notifications.Messages;

/// <summary>Which day it is on the wall of the business: the one that people are told.</summary>
internal sealed class BusinessCalendar(IOptions<NotificationsOptions> options)
{
    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb[options.Value.TimeZone];

    public static bool Knows(string timeZone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone) is not null;

    public DateOnly DayOf(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(_zone).Date.ToDateOnly();
}
