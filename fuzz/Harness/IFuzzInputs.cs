namespace Stack.Fuzz;

/// <summary>Where inputs come from: each a function of the seed, its index and the corpus alone. One instance serves one thread.</summary>
public interface IFuzzInputs
{
    /// <summary>The input of an index: an array of exactly its size, valid until the next call.</summary>
    byte[] Create(ulong index);
}
