using System;
using System.Collections.Generic;

namespace Stack.Fuzz;

/// <summary>A target and what it is fed with.</summary>
/// <param name="Corpus">The folder of its seeds.</param>
/// <param name="Create">Makes one for a thread.</param>
/// <param name="CreateInputs">Makes the inputs for a thread, from the seeds.</param>
/// <param name="ReplayCount">How many inputs a replay takes.</param>
internal sealed record FuzzTargetKind(
    string Corpus,
    Func<IFuzzTarget> Create,
    Func<IReadOnlyList<byte[]>, IFuzzInputs> CreateInputs,
    ulong ReplayCount);
