using Microsoft.Extensions.Options;
using NodaTime;

namespace Platform.ServiceDefaults.Time;

/// <summary>The time zone of the business, for the dates and times that people see and that subscriptions follow.</summary>
public sealed class BusinessClock
{
    private readonly DateTimeZone _zone;

    /// <param name="timeZone">Name in the tz database: <c>Europe/Moscow</c>.</param>
    /// <exception cref="NodaTime.TimeZones.DateTimeZoneNotFoundException">The time zone is unknown.</exception>
    public BusinessClock(string timeZone) => _zone = DateTimeZoneProviders.Tzdb[timeZone];

    public string TimeZone => _zone.Id;

    public DateOnly DayOf(DateTimeOffset at) => Local(at).Date.ToDateOnly();

    public TimeOnly TimeOf(DateTimeOffset at) => Local(at).TimeOfDay.ToTimeOnly();

    public LocalDateTime Local(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(_zone).LocalDateTime;

    /// <summary>A local time skipped by a clock change is moved forward by the gap; of an ambiguous one the earlier instant is taken.</summary>
    public DateTimeOffset At(LocalDateTime local) => local.InZoneLeniently(_zone).ToInstant().ToDateTimeOffset();
}

public static class BusinessClockExtensions
{
    /// <summary>A <see cref="BusinessClock"/> for the setting <c>TIME_ZONE</c>. The service does not start with an unknown time zone.</summary>
    public static WebApplicationBuilder AddBusinessClock(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<BusinessClockSettings>().BindConfiguration("")
            .Validate(
                settings => DateTimeZoneProviders.Tzdb.GetZoneOrNull(settings.TimeZone) is not null,
                "TIME_ZONE is not in the tz database. Use a name such as Europe/Moscow.")
            .ValidateOnStart();
        builder.Services.AddSingleton(provider => new BusinessClock(provider.GetRequiredService<IOptions<BusinessClockSettings>>().Value.TimeZone));
        return builder;
    }
}

internal sealed class BusinessClockSettings
{
    /// <summary>The business's time zone, by its name in the tz database.</summary>
    [ConfigurationKeyName("TIME_ZONE")]
    public string TimeZone { get; set; } = "Europe/Moscow";
}
