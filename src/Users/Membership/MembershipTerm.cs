namespace Platform.Users.Membership;

/// <summary>How much premium somebody is given: calendar months that were bought, or days that an admin gives away.</summary>
internal readonly record struct MembershipTerm
{
    private readonly int _months;
    private readonly int _days;

    private MembershipTerm(int months, int days) => (_months, _days) = (months, days);

    public static MembershipTerm OfMonths(int months) => new(months, days: 0);

    public static MembershipTerm OfDays(int days) => new(months: 0, days);

    /// <param name="anchorDay">Of the run of months that this one continues; null when it begins one.</param>
    /// <returns>When it ends, and the anchor of the run for whatever follows: days end every run.</returns>
    public (DateTimeOffset Until, int? AnchorDay) From(DateTimeOffset start, int? anchorDay, MembershipCalendar calendar)
    {
        if (_months == 0)
        {
            return (calendar.AddDays(start, _days), null);
        }

        var anchor = anchorDay ?? calendar.AnchorOf(start);
        return (calendar.AddMonths(start, _months, anchor), anchor);
    }
}
