using Microsoft.Extensions.Options;
using NodaTime;

namespace Platform.ServiceDefaults.Time;

/// <summary>The clock on the wall of the business: the days and times that people are told, and that what they pay for goes by.</summary>
public sealed class WallClock
{
    private readonly DateTimeZone _zone;

    /// <param name="timeZone">Name in the tz database: <c>Europe/Moscow</c>.</param>
    /// <exception cref="NodaTime.TimeZones.DateTimeZoneNotFoundException">There is none of this name.</exception>
    public WallClock(string timeZone) => _zone = DateTimeZoneProviders.Tzdb[timeZone];

    public string TimeZone => _zone.Id;

    public DateOnly DayOf(DateTimeOffset at) => Local(at).Date.ToDateOnly();

    public TimeOnly TimeOf(DateTimeOffset at) => Local(at).TimeOfDay.ToTimeOnly();

    public LocalDateTime Local(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(_zone).LocalDateTime;

    /// <summary>When the wall shows this. A time that the clocks skip is as much later, one that they have twice is the first.</summary>
    public DateTimeOffset At(LocalDateTime local) => local.InZoneLeniently(_zone).ToInstant().ToDateTimeOffset();
}

public static class WallClockExtensions
{
    /// <summary>A <see cref="WallClock"/> that goes by the setting <c>TIME_ZONE</c>. One that is in no tz database stops the start.</summary>
    public static WebApplicationBuilder AddWallClock(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<WallClockSettings>().BindConfiguration("")
            .Validate(
                settings => DateTimeZoneProviders.Tzdb.GetZoneOrNull(settings.TimeZone) is not null,
                "TIME_ZONE is not in the tz database: write one such as Europe/Moscow.")
            .ValidateOnStart();
        builder.Services.AddSingleton(provider => new WallClock(provider.GetRequiredService<IOptions<WallClockSettings>>().Value.TimeZone));
        return builder;
    }
}

internal sealed class WallClockSettings
{
    /// <summary>Where the business is, as the tz database names it.</summary>
    [ConfigurationKeyName("TIME_ZONE")]
    public string TimeZone { get; set; } = "Europe/Moscow";
}
