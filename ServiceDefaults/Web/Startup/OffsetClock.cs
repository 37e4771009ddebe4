namespace Platform.ServiceDefaults.Web.Startup;

/// <summary>The system's clock, so and so much later or earlier: with one <c>Time:Offset</c>, several processes of a test share a day of their own.</summary>
internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    public const string Setting = "Time:Offset";

    public static TimeProvider From(IConfiguration configuration) =>
        configuration.GetValue<TimeSpan?>(Setting) is { } offset && offset != TimeSpan.Zero ? new OffsetClock(offset) : System;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
}
