using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Users.Mail;
using Platform.Users.Membership;

namespace Platform.Users.People;

/// <summary>A person, known once to the whole platform.</summary>
internal sealed class User
{
    public const string Russian = "ru";
    public const string English = "en";

    public UserId Id { get; private init; }

    /// <summary>Null for a person without Telegram, who then has an e-mail address.</summary>
    public TelegramId? TelegramId { get; private set; }

    /// <summary>Shown to be his own, by a code that was sent there; in lower case.</summary>
    public string? Email { get; private set; }

    public string? Username { get; private set; }

    /// <summary>Empty once he is erased.</summary>
    public string FullName { get; private set; } = "";

    /// <summary>E.164.</summary>
    public string? Phone { get; private set; }

    /// <summary>When the number was shown to be his own: a contact shared in the bot whose owner is the sender.</summary>
    public DateTimeOffset? PhoneVerifiedAt { get; private set; }

    public string? City { get; private set; }

    public DateOnly? BirthDate { get; private set; }

    /// <summary>Language of everything that is said to him: <see cref="Russian"/> or <see cref="English"/>.</summary>
    public string Language { get; private set; } = Russian;

    /// <summary>What others register with when he recommended the platform to them: see <see cref="People.ReferralCode"/>. Drawn by the database.</summary>
    public string ReferralCode { get; private init; } = null!;

    public bool ConsentPersonalData { get; private set; }

    public DateTimeOffset? ConsentAt { get; private init; }

    /// <summary>Who gave it, as <see cref="ServiceDefaults.Web.Caller.Subject"/> has him.</summary>
    public string? ConsentBy { get; private set; }

    /// <summary>Version of the text that he was shown.</summary>
    public string? ConsentText { get; private init; }

    /// <summary>Through what he gave it: the bot's name, or <c>api</c>.</summary>
    public string? ConsentThrough { get; private init; }

    /// <summary>As the last change left it. Who is a premium member at a moment says <see cref="MembershipAt"/>.</summary>
    public MembershipType MembershipType { get; private set; }

    /// <summary>When premium ends, or when it has ended; null for whoever never had it.</summary>
    public DateTimeOffset? MembershipExpires { get; private set; }

    /// <summary>The number of his card; null until he has one.</summary>
    public MemberId? MemberId { get; private set; }

    /// <summary>Where the image of his card is, under the platform's address. The image is made for each who asks, since what it says is good for a minute.</summary>
    public string? QrCodePath { get; private set; }

    public DateTimeOffset? ConsentWithdrawnAt { get; private set; }

    /// <summary>The bot's name, or <c>api</c>.</summary>
    public string? ConsentWithdrawnThrough { get; private set; }

    /// <summary>Whether he may use the platform. A blocked person is not active.</summary>
    public bool IsActive { get; private set; } = true;

    public DateTimeOffset? BlockedAt { get; private set; }

    /// <summary>When he had himself erased. His row stays as a number that payments and points lead to, and is nobody's.</summary>
    public DateTimeOffset? ErasedAt { get; private set; }

    /// <summary>Grows with each change, so that whoever is told of two changes knows the newer one.</summary>
    public long Version { get; private set; } = 1;

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public bool IsBlocked => BlockedAt is not null;

    /// <param name="telegramId">Null for a person without Telegram.</param>
    /// <param name="email">Null for a person who has not shown one to be his.</param>
    public static User Register(TelegramId? telegramId, EmailAddress? email, Particulars particulars, Consent consent) => new()
    {
        TelegramId = telegramId,
        Email = email?.Value,
        Username = particulars.Username,
        FullName = particulars.FullName,
        Phone = particulars.Phone.E164,
        PhoneVerifiedAt = particulars.PhoneVerified ? consent.At : null,
        City = particulars.City,
        BirthDate = particulars.BirthDate,
        Language = particulars.Language,
        ConsentPersonalData = true,
        ConsentAt = consent.At,
        ConsentBy = consent.By,
        ConsentText = consent.Text,
        ConsentThrough = consent.Through,
        CreatedAt = consent.At,
        UpdatedAt = consent.At,
    };

    /// <summary>What the others are told of him, as he is now.</summary>
    public UserRegistered Registered(bool phoneSeenBefore) => new()
    {
        UserId = Id,
        TelegramId = TelegramId,
        FullName = FullName,
        Language = Language,
        City = City,
        BirthDate = BirthDate,
        Phone = Phone,
        Email = Email,
        PhoneVerified = PhoneVerifiedAt is not null,
        PhoneSeenBefore = phoneSeenBefore,
        MemberId = MemberId?.ToString(),
        RegisteredAt = CreatedAt,
        Version = Version,
    };

    /// <inheritdoc cref="Registered"/>
    public UserUpdated Updated(bool phoneSeenBefore) => new()
    {
        UserId = Id,
        TelegramId = TelegramId,
        FullName = FullName,
        Language = Language,
        City = City,
        BirthDate = BirthDate,
        Phone = Phone,
        Email = Email,
        PhoneVerified = PhoneVerifiedAt is not null,
        PhoneSeenBefore = phoneSeenBefore,
        MemberId = MemberId?.ToString(),
        MembershipType = MembershipAt(UpdatedAt) == MembershipType.Premium ? MembershipTypes.Premium : MembershipTypes.Free,
        MembershipExpires = MembershipExpires,
        UpdatedAt = UpdatedAt,
        Version = Version,
    };

    /// <summary>Premium that is over counts no more, whether anybody has put that down yet or not.</summary>
    public MembershipType MembershipAt(DateTimeOffset now) =>
        MembershipType == MembershipType.Premium && MembershipExpires > now ? MembershipType.Premium : MembershipType.Free;

    /// <summary>What he has told of himself, all of it. Telling the same again is no change.</summary>
    public void Tell(string fullName, string? username, string? city, DateOnly? birthDate, string language, DateTimeOffset at)
    {
        if ((fullName, username, city, birthDate, language) != (FullName, Username, City, BirthDate, Language))
        {
            (FullName, Username, City, BirthDate, Language) = (fullName, username, city, birthDate, language);
            Change(at);
        }
    }

    /// <param name="verified">Whether the number is known to be his own. That a number was verified is not forgotten when it is told again.</param>
    /// <returns>Whether it changed anything.</returns>
    public bool TellPhone(PhoneNumber phone, bool verified, DateTimeOffset at)
    {
        var isSame = phone.E164 == Phone;
        if (isSame && (PhoneVerifiedAt is not null || !verified))
        {
            return false;
        }

        Phone = phone.E164;
        PhoneVerifiedAt = verified ? at : null;
        Change(at);
        return true;
    }

    /// <summary>He gets a card, once and for ever.</summary>
    public void IssueCard(MemberId number, DateTimeOffset at)
    {
        MemberId = number;
        QrCodePath = MemberCard.ImagePath;
        Change(at);
    }

    /// <summary>He is a premium member until then. He has a card already.</summary>
    public void GoPremium(DateTimeOffset until, DateTimeOffset at)
    {
        (MembershipType, MembershipExpires) = (MembershipType.Premium, until);
        Change(at);
    }

    /// <summary>Premium is over, by time or because it was taken back.</summary>
    public void EndPremium(DateTimeOffset endedAt, DateTimeOffset at)
    {
        (MembershipType, MembershipExpires) = (MembershipType.Free, endedAt);
        Change(at);
    }

    /// <returns>Whether it changed anything: false when he is blocked already.</returns>
    public bool Block(DateTimeOffset at)
    {
        if (IsBlocked)
        {
            return false;
        }

        IsActive = false;
        BlockedAt = at;
        Change(at);
        return true;
    }

    /// <returns>Whether it changed anything: false when he is not blocked.</returns>
    public bool Unblock(DateTimeOffset at)
    {
        if (!IsBlocked)
        {
            return false;
        }

        IsActive = true;
        BlockedAt = null;
        Change(at);
        return true;
    }

    /// <summary>Another Telegram account is his from now on; the one before is nobody's.</summary>
    public void JoinTelegram(TelegramId telegramId, DateTimeOffset at)
    {
        TelegramId = telegramId;
        Change(at);
    }

    /// <returns>Whether it changed anything: false when it is his already.</returns>
    public bool ChangeEmail(EmailAddress email, DateTimeOffset at)
    {
        if (Email == email.Value)
        {
            return false;
        }

        Email = email.Value;
        Change(at);
        return true;
    }

    /// <summary>Takes everything off him that names him, and his consent to keep it.</summary>
    /// <param name="withdrawnThrough">The bot's name, or <c>api</c>.</param>
    public void Erase(string withdrawnThrough, DateTimeOffset at)
    {
        (TelegramId, Email, Username, FullName) = (null, null, null, "");
        (Phone, PhoneVerifiedAt, City, BirthDate) = (null, null, null, null);
        (ConsentPersonalData, ConsentBy, ConsentWithdrawnAt, ConsentWithdrawnThrough) = (false, null, at, withdrawnThrough);
        (MembershipType, MembershipExpires, MemberId, QrCodePath) = (MembershipType.Free, null, null, null);
        (IsActive, BlockedAt) = (false, null);
        ErasedAt = at;
        Change(at);
    }

    /// <summary>What the others are told once he is erased.</summary>
    /// <param name="telegramId">By which they know him; null when it was told before, and is forgotten here too.</param>
    public UserErased Erased(TelegramId? telegramId) => new()
    {
        UserId = Id,
        TelegramId = telegramId,
        ErasedAt = ErasedAt!.Value,
        Version = Version,
    };

    private void Change(DateTimeOffset at)
    {
        Version++;
        UpdatedAt = at;
    }
}

/// <summary>What a person tells of himself when he registers.</summary>
/// <param name="PhoneVerified">A bot says so: the contact that he shared with it is his own.</param>
internal sealed record Particulars(
    string FullName, PhoneNumber Phone, bool PhoneVerified, string? Username, string? City, DateOnly? BirthDate, string Language);

/// <summary>That a person agreed to his data being kept: who, when, to which version of the text, through what.</summary>
internal sealed record Consent(string By, DateTimeOffset At, string Text, string Through);
