namespace Platform.Users.Membership;

/// <summary>A length of premium: calendar months that were bought, or days given by an admin.</summary>
internal readonly record struct MembershipTerm
{
    private readonly int _months;
    private readonly int _days;

    private MembershipTerm(int months, int days) => (_months, _days) = (months, days);

    public static MembershipTerm FromMonths(int months) => new(months, days: 0);

    public static MembershipTerm FromDays(int days) => new(months: 0, days);

    /// <param name="anchorDay">Anchor of the run of months that this term continues; null to start a new run.</param>
    /// <returns>The end, and the anchor for the next term: a term of days ends the run.</returns>
    public (DateTimeOffset Until, int? AnchorDay) ComputeEnd(DateTimeOffset start, int? anchorDay, MembershipCalendar calendar)
    {
        if (_months == 0)
        {
            return (calendar.AddDays(start, _days), null);
        }

        var anchor = anchorDay ?? calendar.AnchorOf(start);
        return (calendar.AddMonths(start, _months, anchor), anchor);
    }
}
