using System;
using System.Collections.Generic;

namespace Stack.Fuzz;

/// <summary>The targets by name.</summary>
internal static class Targets
{
    private const ulong Messages = 10_000_000;

    private const ulong Texts = 1_000_000;

    // A script is some twenty inputs, each of them for a server and its model.
    private const ulong Scripts = 30_000;

    // Minutes of virtual time each, and MACs for all of it.
    private const ulong IceScripts = 3_000;

    public static IReadOnlyDictionary<string, FuzzTargetKind> All(StunMutatorOptions options)
    {
        byte[] key = options.Key.ToArray();
        return new Dictionary<string, FuzzTargetKind>(StringComparer.Ordinal)
        {
            // HMACs cost more than all the rest: they are compared in a target of its own.
            ["decode"] = OfMessages(() => new DecodeTarget(key, checkIntegrity: false)),
            ["integrity"] = OfMessages(() => new DecodeTarget(key, checkIntegrity: true)),
            ["server"] = OfMessages(() => new ServerTarget()),
            ["turn-server"] = OfScripts("turn-server", () => new TurnServerTarget()),
            ["turn-client"] = OfScripts("turn-client", () => new TurnClientTarget()),
            ["ice-agents"] = OfScripts("ice-agents", () => new IceAgentsTarget(), IceScripts),
            ["candidate"] = OfText("candidate", () => new CandidateTarget()),
            ["description"] = OfText("description", () => new DescriptionTarget()),
            ["signaling"] = OfText("signaling", () => new SignalingTarget(), Scripts / 2),
        };

        FuzzTargetKind OfMessages(Func<IFuzzTarget> create) => new("decode", create, corpus => new StunMutator(corpus, options), Messages);

        FuzzTargetKind OfScripts(string folder, Func<IFuzzTarget> create, ulong count = Scripts)
            => new(folder, create, corpus => new ScriptMutator(corpus, options.Seed), count);

        FuzzTargetKind OfText(string folder, Func<IFuzzTarget> create, ulong count = Texts)
            => new(folder, create, corpus => new TextMutator(corpus, options.Seed), count);
    }
}
