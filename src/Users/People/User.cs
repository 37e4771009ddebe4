using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Users.Mail;

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
    public string Language { get; private init; } = Russian;

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
        PhoneVerified = PhoneVerifiedAt is not null,
        PhoneSeenBefore = phoneSeenBefore,
        RegisteredAt = CreatedAt,
        Version = Version,
    };

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
    public void Erase(DateTimeOffset at)
    {
        (TelegramId, Email, Username, FullName) = (null, null, null, "");
        (Phone, PhoneVerifiedAt, City, BirthDate) = (null, null, null, null);
        (ConsentPersonalData, ConsentBy) = (false, null);
        IsActive = false;
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
