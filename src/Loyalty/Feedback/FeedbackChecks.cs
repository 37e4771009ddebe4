namespace Platform.Loyalty.Feedback;

/// <summary>Promises about feedback for <c>verify</c>: each query returns the rows that break one.</summary>
internal static class FeedbackChecks
{
    public const string TextsOfErasedGuests = """
        select f.id as feedback_id, f.user_id
        from feedback f join guest_names erased on erased.user_id = f.user_id and erased.erased_at is not null
        where f.text is not null or exists (select from replies r where r.feedback_id = f.id and r.text is not null)
        order by f.id
        """;

    public const string ReviewsOfOthersOrders = """
        select f.id as feedback_id, f.user_id, o.user_id as guest_of_the_order
        from feedback f join orders o on o.id = f.order_id
        where f.user_id <> o.user_id
        order by f.id
        """;
}
