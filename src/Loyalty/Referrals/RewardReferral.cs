using Platform.Contracts.Loyalty;
using Platform.Messaging;

namespace Platform.Loyalty.Referrals;

/// <summary>Gives the bonuses of a referral with the first paid order of the guest who was invited.</summary>
internal sealed class RewardReferral(ReferralBonus bonus) : IEventHandler<OrderPlaced>
{
    public Task Handle(OrderPlaced happened, CancellationToken ct) => bonus.Settle(happened.UserId, ct);
}
