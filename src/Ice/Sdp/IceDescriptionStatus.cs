namespace Stack.Ice;

/// <summary>What came of reading a session description or a fragment of one.</summary>
public enum IceDescriptionStatus : byte
{
    /// <summary>A description.</summary>
    Ok,

    /// <summary>The text is longer than <see cref="IceSessionDescription.MaxLength"/>.</summary>
    TooLong,

    /// <summary>A line is not a letter, <c>=</c> and text.</summary>
    MalformedLine,

    /// <summary>The first line is not <c>v=0</c>.</summary>
    MissingVersion,

    /// <summary>There is no <c>m=</c> line.</summary>
    MissingMedia,

    /// <summary>There are more than <see cref="IceSessionDescription.MaxMedia"/> <c>m=</c> lines.</summary>
    TooManyMedia,

    /// <summary>An <c>m=</c> line is not media, port, protocol and formats (RFC 4566 section 5.14).</summary>
    MalformedMedia,

    /// <summary>Neither the session nor a medium has a <c>c=</c> line.</summary>
    MissingConnection,

    /// <summary>A <c>c=</c> line, or an <c>a=rtcp</c>, has no unicast address or name (RFC 4566 section 5.7, RFC 3605 section 2.1).</summary>
    MalformedConnection,

    /// <summary>An attribute that can be there once in its section is there twice, or two media have the same identification tag.</summary>
    Duplicate,

    /// <summary>A flag such as <c>a=ice-lite</c> has a value.</summary>
    MalformedFlag,

    /// <summary>The username fragment does not have 4 to 256 ice-chars (RFC 8839 section 5.4).</summary>
    MalformedUsernameFragment,

    /// <summary>The password does not have 22 to 256 ice-chars (RFC 8839 section 5.4).</summary>
    MalformedPassword,

    /// <summary>A section has a password and no username fragment. Parts of different levels are not put together.</summary>
    MissingUsernameFragment,

    /// <summary>A section has a username fragment and no password. Parts of different levels are not put together.</summary>
    MissingPassword,

    /// <summary>In a fragment, a medium has no credentials, so that nobody could say which generation it belongs to (RFC 8840 section 9.2).</summary>
    MissingCredentials,

    /// <summary>Two media have one username fragment and different passwords (RFC 8839 section 5.4).</summary>
    ConflictingPasswords,

    /// <summary>The pacing is not a number of at most ten digits (RFC 8839 section 5.5).</summary>
    MalformedPacing,

    /// <summary>The options are not words of ice-chars with one space in between (RFC 8839 section 5.6).</summary>
    MalformedOptions,

    /// <summary>A remote candidate is not a component ID, an address and a port, or two are of one component (RFC 8839 section 5.2).</summary>
    MalformedRemoteCandidates,

    /// <summary>An identification tag is not a token (RFC 5888 section 4).</summary>
    MalformedMid,

    /// <summary>In a fragment, a pseudo <c>m=</c> line has no identification tag (RFC 8840 section 4.4).</summary>
    MissingMid,
}
