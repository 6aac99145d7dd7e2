using System;
using System.Collections.Generic;

namespace Stack.Ice;

/// <summary>Reads a description line by line. One instance reads one text.</summary>
internal sealed class SessionDescriptionReader(bool isFragment)
{
    private readonly List<IceMediaDescription> _media = [];
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);
    private readonly SessionDescriptionSection _session = new(isSession: true);
    private SessionDescriptionSection _section = null!;
    private string _origin = "";
    private int _candidates;
    private int _refused;
    private int _line;
    private int _offset;
    private int _faultOffset;

    /// <summary>Whether the parts can stand in an <c>m=</c> line.</summary>
    public static bool IsMediaLine(ReadOnlySpan<char> media, ReadOnlySpan<char> protocol, ReadOnlySpan<char> formats)
    {
        if (!SdpGrammar.IsToken(media))
        {
            return false;
        }

        foreach (Range part in protocol.Split('/'))
        {
            if (!SdpGrammar.IsToken(protocol[part]))
            {
                return false;
            }
        }

        foreach (Range format in formats.Split(' '))
        {
            if (!SdpGrammar.IsVisible(formats[format]) || formats[format].Length == 0)
            {
                return false;
            }
        }

        return true;
    }

    public IceDescriptionStatus Read(ReadOnlySpan<char> text, out IceSessionDescription? description, out IceDescriptionFault fault)
    {
        description = null;
        IceDescriptionStatus status = ReadLines(text);
        fault = status == IceDescriptionStatus.Ok ? default : new IceDescriptionFault(_line, _faultOffset);
        if (status == IceDescriptionStatus.Ok)
        {
            description = new IceSessionDescription
            {
                Credentials = _session.Credentials,
                IsLite = _session.IsLite,
                Options = _session.Options,
                Pacing = _session.Pacing,
                EndOfCandidates = _session.EndOfCandidates,
                Attributes = _session.Attributes,
                Media = _media,
            };
            if (_origin.Length > 0)
            {
                description = description with { Origin = _origin };
            }
        }

        return status;
    }

    private IceDescriptionStatus ReadLines(ReadOnlySpan<char> text)
    {
        _section = _session;
        if (text.Length > IceSessionDescription.MaxLength)
        {
            _line = 1;
            _faultOffset = IceSessionDescription.MaxLength;
            return IceDescriptionStatus.TooLong;
        }

        IceDescriptionStatus status = IceDescriptionStatus.Ok;
        while (_offset < text.Length && status == IceDescriptionStatus.Ok)
        {
            ReadOnlySpan<char> rest = text[_offset..];
            int end = rest.IndexOf('\n');
            ReadOnlySpan<char> line = end < 0 ? rest : rest[..end];
            int next = _offset + (end < 0 ? rest.Length : end + 1);
            if (line.Length > 0 && line[^1] == '\r')
            {
                line = line[..^1];
            }

            _line++;
            _faultOffset = _offset;
            status = ReadLine(line);
            _offset = next;
        }

        if (status != IceDescriptionStatus.Ok)
        {
            return status;
        }

        _line = Math.Max(_line, 1);
        _faultOffset = text.Length;
        if (_line == 1 && !isFragment && text.Length == 0)
        {
            return IceDescriptionStatus.MissingVersion;
        }

        status = EndSection();
        if (status != IceDescriptionStatus.Ok)
        {
            return status;
        }

        if (_media.Count == 0 && !isFragment)
        {
            return IceDescriptionStatus.MissingMedia;
        }

        return CheckCredentials();
    }

    private IceDescriptionStatus ReadLine(ReadOnlySpan<char> line)
    {
        if (_line == 1 && !isFragment && !line.SequenceEqual("v=0"))
        {
            return IceDescriptionStatus.MissingVersion;
        }

        if (line.Length == 0)
        {
            return IceDescriptionStatus.Ok;
        }

        if (line.Length < 2 || line[1] != '=' || !char.IsAsciiLetterLower(line[0]) || line.IndexOfAny('\r', '\0') >= 0)
        {
            return IceDescriptionStatus.MalformedLine;
        }

        _faultOffset = _offset + 2;
        ReadOnlySpan<char> value = line[2..];
        switch (line[0])
        {
            case 'o' when ReferenceEquals(_section, _session):
                _origin = value.ToString();
                return IceDescriptionStatus.Ok;
            case 'c' when !isFragment:
                return ReadConnection(value);
            case 'm':
                return ReadMedia(value);
            case 'a':
                return ReadAttribute(value);
            default:
                return IceDescriptionStatus.Ok;
        }
    }

    private IceDescriptionStatus ReadConnection(ReadOnlySpan<char> value)
    {
        if (_section.HasConnection)
        {
            return IceDescriptionStatus.Duplicate;
        }

        _section.HasConnection = SdpConnection.TryRead(value, out _section.Address, out _section.Host);
        return _section.HasConnection ? IceDescriptionStatus.Ok : IceDescriptionStatus.MalformedConnection;
    }

    private IceDescriptionStatus ReadMedia(ReadOnlySpan<char> value)
    {
        IceDescriptionStatus status = EndSection();
        if (status != IceDescriptionStatus.Ok)
        {
            return status;
        }

        if (_media.Count == IceSessionDescription.MaxMedia)
        {
            return IceDescriptionStatus.TooManyMedia;
        }

        int media = value.IndexOf(' ');
        int port = media < 0 ? -1 : value[(media + 1)..].IndexOf(' ');
        int protocol = port < 0 ? -1 : value[(media + port + 2)..].IndexOf(' ');
        if (protocol < 0)
        {
            return IceDescriptionStatus.MalformedMedia;
        }

        ReadOnlySpan<char> ports = value.Slice(media + 1, port);
        int slash = ports.IndexOf('/');
        int protocolStart = media + port + 2;
        ReadOnlySpan<char> protocolText = value.Slice(protocolStart, protocol);
        ReadOnlySpan<char> formats = value[(protocolStart + protocol + 1)..];
        if (!SdpGrammar.TryReadNumber(slash < 0 ? ports : ports[..slash], value.Length, ushort.MaxValue, out long number)
            || (slash >= 0 && !SdpGrammar.TryReadNumber(ports[(slash + 1)..], 10, int.MaxValue, out _))
            || !IsMediaLine(value[..media], protocolText, formats))
        {
            return IceDescriptionStatus.MalformedMedia;
        }

        _section = new SessionDescriptionSection(isSession: false)
        {
            Media = value[..media].ToString(),
            Port = (ushort)number,
            Protocol = protocolText.ToString(),
            Formats = formats.ToString(),
        };
        return IceDescriptionStatus.Ok;
    }

    private IceDescriptionStatus ReadAttribute(ReadOnlySpan<char> line)
    {
        int colon = line.IndexOf(':');
        ReadOnlySpan<char> name = colon < 0 ? line : line[..colon];
        ReadOnlySpan<char> value = colon < 0 ? [] : line[(colon + 1)..];
        if (!_section.IsSession && SdpGrammar.Matches(name, "candidate"))
        {
            _faultOffset += colon + 1;
            ReadCandidate(value);
            return IceDescriptionStatus.Ok;
        }

        if (!SessionDescriptionAttributes.IsOwn(name))
        {
            // What could not be written again is of no use to anybody.
            if (SdpGrammar.IsToken(name))
            {
                _section.Attributes.Add(line.ToString());
            }

            return IceDescriptionStatus.Ok;
        }

        IceDescriptionStatus status = SessionDescriptionAttributes.Read(_section, name, colon >= 0, value);
        if (status == IceDescriptionStatus.Ok && _section.Mid is { } mid && !_section.MidIsNoted)
        {
            _section.MidIsNoted = true;
            status = _tags.Add(mid) ? IceDescriptionStatus.Ok : IceDescriptionStatus.Duplicate;
        }

        _faultOffset += status == IceDescriptionStatus.Ok ? 0 : colon + 1;
        return status;
    }

    // Whatever is wrong with one, the others are as good as before.
    private void ReadCandidate(ReadOnlySpan<char> value)
    {
        if (_candidates == IceSessionDescription.MaxCandidates)
        {
            _section.DroppedCandidates++;
            return;
        }

        CandidateAttributeStatus status = CandidateAttribute.ParseValue(value, out Candidate? candidate, out int position);
        if (status >= CandidateAttributeStatus.UnknownTransport)
        {
            _section.IgnoredCandidates++;
        }
        else if (candidate is not null)
        {
            _candidates++;
            _section.Candidates.Add(candidate);
        }
        else if (_refused < IceSessionDescription.MaxCandidates)
        {
            _refused++;
            _section.RefusedCandidates.Add(new IceRefusedCandidate(_line, _faultOffset + position, status));
        }
        else
        {
            _section.DroppedCandidates++;
        }
    }

    // What can only be said of a section once its last line is read.
    private IceDescriptionStatus EndSection()
    {
        IceDescriptionStatus status = _section.TakeCredentials();
        if (status != IceDescriptionStatus.Ok || _section.IsSession)
        {
            return status;
        }

        if (isFragment && _section.Mid is null)
        {
            return IceDescriptionStatus.MissingMid;
        }

        SessionDescriptionSection connection = _section.HasConnection ? _section : _session;
        if (!isFragment && !connection.HasConnection)
        {
            return IceDescriptionStatus.MissingConnection;
        }

        _media.Add(_section.ToMedia(isFragment ? null : connection));
        return IceDescriptionStatus.Ok;
    }

    private IceDescriptionStatus CheckCredentials()
    {
        var passwords = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (IceMediaDescription medium in _media)
        {
            if ((medium.Credentials ?? _session.Credentials) is not { } credentials)
            {
                if (isFragment)
                {
                    return IceDescriptionStatus.MissingCredentials;
                }

                continue;
            }

            if (!passwords.TryAdd(credentials.UsernameFragment, credentials.Password) && passwords[credentials.UsernameFragment] != credentials.Password)
            {
                return IceDescriptionStatus.ConflictingPasswords;
            }
        }

        return IceDescriptionStatus.Ok;
    }
}
