namespace Platform.ServiceDefaults.Web.Startup;

/// <summary>The system clock moved by <c>Time:Offset</c>, so that the processes of a test can share a date of their own.</summary>
internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    public const string Setting = "Time:Offset";

    public static TimeProvider From(IConfiguration configuration) =>
        configuration.GetValue<TimeSpan?>(Setting) is { } offset && offset != TimeSpan.Zero ? new OffsetClock(offset) : System;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
}
